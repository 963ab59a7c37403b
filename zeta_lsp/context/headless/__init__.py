"""Language servers that we start ourselves: the same door without any editor.

For the pipeline and for the evaluation, where nobody types and nobody's server runs. `opened` finds
a server for a language, starts it in a workspace and gives a `Headless`, which is a
`core.surroundings.Door`: texts are handed to it, definitions and problems asked from it.

    commands    which servers there are and how each is started
    wire        bytes to messages and back
    process     one life of a server, and the end of all that it started
    client      requests with deadlines, what the server asks, what it reports
    waiting     when a server is ready, and when its diagnostics are complete
    answers     its locations and diagnostics as places and problems
    door        `Headless`

Promise: a server that never answers, ends, floods or talks nonsense costs the deadline of a
question and leaves a `Trouble` with a name; it never raises, and it never outlives its door.
"""

from zeta_lsp.context.headless.commands import COMMANDS, Command, commands_for
from zeta_lsp.context.headless.door import Headless, Limits, opened
from zeta_lsp.context.headless.trouble import Trouble

__all__ = ["COMMANDS", "Command", "Headless", "Limits", "Trouble", "commands_for", "opened"]
