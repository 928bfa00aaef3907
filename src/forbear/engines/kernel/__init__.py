"""The rule language at full speed: any rulebook as arrays, one compiled pass over each timeline, equal to `plain` by test.

`law` packs the rulebook, `table` packs entries, `loops` is compiled once by Numba for every rulebook, `host` runs it and lets `plain`
tell the details of what was found. What the loops do not do themselves they hand to `plain`, counted: see `host.Share`.
"""
