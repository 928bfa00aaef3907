"""The conformance suite: cases that any program can be asked, and what our engines answer to them (`conformance/README.md`)."""
