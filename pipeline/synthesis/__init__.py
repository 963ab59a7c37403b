"""Examples made of commits: somebody is imagined who typed them.

What is true of such an example is its beginning (the commit's parent) and its end (the commit). The
order, the keys and the slips in between are invented, by rules or by a model. So every one of them
says so, in its tags and under ``zeta.synthetic``, and no stage takes that away.
"""
