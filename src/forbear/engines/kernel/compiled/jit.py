"""How functions of the kernel are compiled."""

from __future__ import annotations

import numba as nb

jit = nb.njit(boundscheck=False, error_model="numpy")
part = nb.njit(boundscheck=False, error_model="numpy", forceinline=True)
"""What is small and asked often, and becomes part of its caller."""
entrance = nb.njit(nogil=True, cache=True, boundscheck=False, error_model="numpy")
"""What Python calls, and Numba keeps beside the code."""
