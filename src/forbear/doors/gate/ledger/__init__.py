"""What the gate did, so that nobody can change it unseen: `ledger` chains it, `signing` signs, `verify` checks, `export` hands it out."""
