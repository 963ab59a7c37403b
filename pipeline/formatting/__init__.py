"""From an example to what a student is trained on: its prompt, and the answers that are right.

regions    what a patch makes of the region that a prompt lets the model rewrite
counting   how many tokens that is
"""
