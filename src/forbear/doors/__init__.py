"""Who asks: the command line, the audit, and the doors to come. A door never imports another door."""
