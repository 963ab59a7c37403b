"""Opt-in capture: what trains a next-edit model, recorded with consent, in one place.

`consent` says what may be recorded, `recorder` turns the events of a session into rows, `secrets`
and `eligibility` keep out what must not be kept, `store` holds the rows, `export` reads them out
as JSONL. This room imports `zeta_lsp.core` and nothing else of `zeta_lsp`; predictions work
without it.
"""
