"""What the rulebook holds, for people and for pipes: a list, a rule, a table across places, and the pages of the site."""
