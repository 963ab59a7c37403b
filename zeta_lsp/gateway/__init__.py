"""The HTTP door: predictions for clients that render their own prompts."""
