"""Training, validation and test sets that share nothing: no repository, no person, no code."""
