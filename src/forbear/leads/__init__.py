"""Patterns worth a look that no clause forbids by themselves: never a breach, always with what else could explain them."""
