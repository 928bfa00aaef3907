"""The door `read`: a complaint, a chat log, a transcript or an article -> the conduct in it, the words, and the clauses it touches."""
