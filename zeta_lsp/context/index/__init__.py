"""The symbol index of a workspace: where each name is defined, without any language server.

A helper process (`python -m zeta_lsp.context.index`) walks the workspace, parses what it may read
and keeps a table of names and places; `client.Index` starts it, asks it and restarts it. They speak
the messages of `messages` over the helper's stdin and stdout.

    reading     what may be read at all (`admission`, `ignores`, `walking`, `reading`)
    knowing     what a file defines and imports (`facts`), kept on disk (`store`), seen with the
                texts of open buffers over it (`view`)
    answering   what a name at a place means (`site`, `hints`, `modules`, `resolving`, `guessing`)
    running     the helper's loop (`helper`, `scanning`, `watching`) and its client

Promise: files that git ignores, that are excluded or that lie behind a symbolic link are never
opened, and the cache holds hashes of names, module names, paths and ranges, never text.
"""
