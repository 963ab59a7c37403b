"""What a session would have seen around the cursor of an example, found again in its repository.

sources     the repositories that are at hand, and which one an example is of
patched     diffs of many files, applied
standing    the texts of the moment, and where in them the cursor stands
checkout    the files of a revision in a folder of their own
spool       rows that wait for their turn, and what was found for them
gathering   one checkout after another
filling     what was found, in the example
"""
