"""`forbear dossier`: what somebody's own telephone shows of collection, as a pack for a regulator, a lawyer, or the lender itself.

`case` is what the person confirms, `propose` a first draft of it; `evidence` makes entries of both; `derive` judges them; `pack` says
everything once, `page` and `paper` set it as HTML and PDF; `verify` derives it anew.
Redaction is in `redact`; `web` is a page that leads through all of it.
"""
