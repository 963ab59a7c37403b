"""Prompt formats: one file each, and the `registry` that finds them.

A format turns a `PromptInput` into the exact text a model was trained on and reads the model's
answer back. A released format is a file nobody edits again; golden prompts pin it.
"""

from zeta_lsp.core.formats.registry import get, infer, named, names

__all__ = ["get", "infer", "named", "names"]
