"""Examples from what others wrote: one importer for each kind of record, all pure.

An importer is ``example_of(record) -> Row | Dropped``. `kinds` knows them all and tells a record's
kind by its fields; `inputs` finds records in files, folders and capture stores.
"""
