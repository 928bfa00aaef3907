"""forbear keeps debt collection lawful: one rulebook, one engine, three doors (audit, gate, dossier).

records -> rulebook -> engines -> findings -> doors: see docs/ and, for the vocabulary, `forbear.terms`.
"""

__version__ = "0.1.0"
