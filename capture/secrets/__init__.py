"""Finds secrets in text before it is written down: `Scanner`, and the `Finding` it answers with.

Published key formats (`formats`), values that a name announces (`assignments`), long random tokens
(`tokens`), keys of several lines (`blocks`), strings in pieces (`joints`), and a detector that
others maintain (`maintained`).
"""

from capture.secrets.finding import Finding
from capture.secrets.scanner import Scanner

__all__ = ["Finding", "Scanner"]
