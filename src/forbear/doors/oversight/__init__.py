"""`forbear oversight`: who gets rougher, told before it is too late, and with what chance could make of it."""
