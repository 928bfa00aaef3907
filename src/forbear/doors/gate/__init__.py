"""The gate: asked before every contact. Allow takes the slot, deny says why and when it becomes lawful."""
