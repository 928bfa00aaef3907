"""What happened: contacts and facts, read from anything people bring, with their time settled once."""
