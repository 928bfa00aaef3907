"""What a person's own telephone, or a chat program, gives out about itself: backups and exports, each read as its maker wrote it.

`item` says what is taken from each, one module reads each format, `export` finds out which it is and brings several together. Nothing here
knows who is a collector: that is for the person to say.
"""
