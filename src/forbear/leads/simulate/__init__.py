"""Invented portfolios: lawful operators of several styles, and each tactic at any strength: leads are measured against the truth.

What is made here is for measuring and for examples. It knows nothing of scores, and its parameters are drawn for each operator, not fixed.
"""

from forbear.leads.simulate.world import STYLES, TACTICS, Life, lives

__all__ = ["STYLES", "TACTICS", "Life", "lives"]
