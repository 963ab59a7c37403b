"""The demonstration: a scripted person edits a small project over a real LSP connection."""
