"""`forbear leads`: patterns worth a look. `forbear simulate`: invented portfolios to try them on."""
