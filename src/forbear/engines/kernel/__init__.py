"""The rule language at full speed: any rulebook as arrays, one compiled pass over each timeline, equal to `plain` by test.

`law` makes arrays of the rulebook, `table` of entries; what is compiled, once by Numba for every rulebook, lies in `compiled` and is called
*the loops*. `host` runs them over a history and `tell` lets plain tell the details of what was found; `desk` runs them for one question at
the gate, with `facets`, `form` and `ahead`. What the loops do not do themselves they hand to `plain`, counted: see `found.Share`.
"""
