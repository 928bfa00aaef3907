"""What tells two versions of a rule apart: the search for a smallest timeline on which they differ, and what can be said by it."""
