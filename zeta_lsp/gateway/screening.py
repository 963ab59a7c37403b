"""What of a prompt may leave this machine, by the names of the files in it.

The rules are those of `predict.disabled_globs`. A prompt about an excluded file asks nobody. One
that only shows such a file among others is rendered anew without it; where that would change what
the model may rewrite, it asks nobody either.

Paths in prompts begin with the name of a workspace folder, which stands for its root here. A glob
that spells out where that folder lies matches nothing, since prompts do not say it.
"""

import msgspec

from zeta_lsp.core.exclusion import Exclusions
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.gateway.prompts.reading import ReadPrompt


class Screen:
    """The rules of one user."""

    def __init__(self, exclusions: Exclusions) -> None:
        self._exclusions = exclusions

    def passed(self, read: ReadPrompt) -> ReadPrompt | None:
        """The prompt without what must not be shown; None if nothing may be asked."""
        if self._is_excluded(read.given.cursor_path):
            return None
        if not any(map(self._is_excluded, read.paths)):
            return read
        given = msgspec.structs.replace(
            read.given,
            events=tuple(
                event
                for event in read.given.events
                if not (self._is_excluded(event.path) or self._is_excluded(event.old_path))
            ),
            related_files=tuple(
                file for file in read.given.related_files or () if not self._is_excluded(file.path)
            )
            or None,
        )
        return _rendered_anew(read, given)

    def _is_excluded(self, path: str) -> bool:
        if not path:
            return False
        path = "/" + path.replace("\\", "/").lstrip("/")
        root, slash, _ = path[1:].partition("/")
        return self._exclusions.rule_for(path, f"/{root}" if slash else None) is not None


def _rendered_anew(read: ReadPrompt, given: PromptInput) -> ReadPrompt | None:
    """The prompt of another input about the same text; None if it has another region."""
    prompt = read.form.render(given)
    if prompt is None or prompt.editable != read.prompt.editable:
        return None
    prompt = msgspec.structs.replace(prompt, context=read.prompt.context)
    return msgspec.structs.replace(read, given=given, prompt=prompt)
