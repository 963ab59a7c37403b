"""zeta-lsp: next-edit prediction for every editor."""

__version__ = "0.1.0"
