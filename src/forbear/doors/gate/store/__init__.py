"""Where the gate keeps what it knows: `store` says what a store does, `sqlite` and `postgresql` do it."""
