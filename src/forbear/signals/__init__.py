"""What was said: the text of a message -> the tags of `forbear.terms` that it does (conduct) and holds (content), in Chinese and English.

Phrases are data (`phrases.zh.toml`, `phrases.en.toml`), so every tag can be explained by the words that earned it. Texts and phrases are
folded alike first: width, case, accents, hidden characters, gaps between characters, traditional script, figures in place of letters.

What words alone do not tell is never tagged here: frequency, hours, third-party, number-rotation, visit, ignored-stop, identification
and duty are for the rules, which see who is contacted, when, how often and after what. A text is read as what a collector says to the
person contacted. Not told by words either, and so not found: whether a claimed amount or court case is true, whether a person who says
to be a lawyer is one, whether a fee is in the contract. No tag from here therefore means only that no phrase was met.

Some content exempts a contact from a rule (`legal-notice`, `confirms-opt-out`, `asks-location`) or meets a duty (`identifies-caller`,
`identifies-creditor`, `offers-opt-out`): its phrases are narrow, because whoever writes the text would gain from a generous reading.
"""

from forbear.signals.phrases import Kind
from forbear.signals.reading import Found, heard, read, tags, where
from forbear.signals.turns import Turn, transcript, turns

__all__ = ["Found", "Kind", "Turn", "heard", "read", "tags", "transcript", "turns", "where"]
