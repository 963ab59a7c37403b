"""The proxy: the user's own language server, run behind us in one connection."""
