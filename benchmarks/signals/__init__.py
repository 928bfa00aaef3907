"""How well signals hears: labels made by reading, invented texts, the training of the model, and the measuring. See docs/signals.md."""
