"""The language server: translate LSP to core, ask, translate back."""
