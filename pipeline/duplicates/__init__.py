"""What is nearly the same: signatures of examples, compared without comparing each with each."""
