"""Differences between texts, as Zed computes them.

`histogram` compares token sequences (`myers` and `snake` are its fallback), `edits` compares texts:
by line, then by word inside small hunks. `patch` reads unified diffs and takes them back.
"""
