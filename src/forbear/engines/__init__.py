"""Who counts: `plain` is the meaning of the rule language; whatever is faster is tested against it."""
