"""Supervised fine-tuning and preferences: formatted rows to a checkpoint and its card."""
