"""The store: rows in one private folder, one writer per file, durable once acknowledged."""
