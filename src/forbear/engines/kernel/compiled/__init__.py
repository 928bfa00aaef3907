"""What Numba compiles, once for every rulebook and every table: `run` and `counts` are entered by Python, all else by them.

`pointers` lets compiled code hold law, tables and memory by bare addresses; every type there carries a hash of all files of the kernel, so
that nothing that was compiled from older files is taken up again, wherever the changed one lies.
"""
