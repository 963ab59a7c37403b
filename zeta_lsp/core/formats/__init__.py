"""Prompt formats: one file each, and this registry.

A format turns a `PromptInput` into the exact text a model was trained on and reads the model's
answer back. A released format is a file nobody edits again; golden prompts pin it.
"""
