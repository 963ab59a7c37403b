"""From captured edits to a scored student: small stages that read JSONL and write JSONL.

Every record is an *example* (Zed's `ep` format, ours under one key, ``zeta``). A stage only adds or
moves fields and keeps what it does not know, so that dear work is done once and used many times.
Imports `zeta_lsp.core` and nothing else of the project; models, the store and headless language
servers are handed in by `pipeline.__main__`.
"""
