"""`forbear dossier --open`: a page of this machine alone that leads a person from files to a pack.

`serve` opens it, `guard` lets nobody else in, `app` has the steps, `session` what was brought and said so far, `checks` what is missing
there. `written` makes of it the same `case.toml` that the command line reads; from there on the way is the command line's own.
"""
