"""The commands of `zeta-lsp`: they look at settings, the endpoint and the journal, and explain."""
