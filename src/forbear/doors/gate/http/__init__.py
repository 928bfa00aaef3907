"""The gate over HTTP: `routes` says what can be asked, `app` answers, `gather` brings requests of one moment together, `serve` runs it."""
