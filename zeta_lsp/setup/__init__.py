"""`zeta-lsp setup`: puts zeta-lsp into the editors that are there, and takes it out again.

A *recipe* for each editor finds it and plans: which files become what, which programs run. Nothing
is written until the person has seen the plan and agreed. What was written is on record with what
stood there before, so that undoing restores it byte for byte.

    surroundings  the machine as recipes see it       recipes/   one editor each
    text, jsonc, toml_edit  careful edits of files    change     what is to become of a file
    writing, receipts, undo, patch                    command    the conversation
"""
