"""The journal on disk: what became of each prediction, kept for `zeta-lsp explain`."""
