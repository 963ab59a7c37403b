"""What ``zeta-pipeline eval`` is made of: cases, who answers them, how well, and who may follow."""
