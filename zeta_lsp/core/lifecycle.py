"""A prediction's life as a table, and every word for how one ends.

    requested ── answered ──▶ held ── shown ──▶ shown ── … ──▶ an ending
        └──────────── not shown, with a reason ─────────────▶ silent

`step` is the whole machine: (state, happening) → state, and what is not in the table is our own
mistake. `ENDINGS` are the words of the glossary; `REASONS` says in one line why nothing was shown,
for every reason word there is. Both reach `zeta-lsp explain`, the counters and the store.
"""

import enum


class State(enum.StrEnum):
    """Where a prediction is in its life. All but the first three are endings."""

    REQUESTED = "requested"
    HELD = "held"  # answered, and not delivered to a client yet
    SHOWN = "shown"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    TYPED_THROUGH = "typed_through"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    IGNORED = "ignored"
    SILENT = "not_shown"


class Happening(enum.StrEnum):
    """What can happen to a prediction."""

    ANSWER = "answer"
    SILENCE = "silence"  # no answer that may be shown, or none any more
    SHOW = "show"
    ACCEPT = "accept"  # the whole of a cluster at once
    ACCEPT_PART = "accept_part"
    TYPE_THROUGH = "type_through"
    CONTRADICT = "contradict"
    DISMISS = "dismiss"  # the person said no
    REPLACE = "replace"  # a newer prediction took its place
    EXPIRE = "expire"


_S, _H = State, Happening

TABLE: dict[tuple[State, Happening], State] = {
    (_S.REQUESTED, _H.ANSWER): _S.HELD,
    (_S.REQUESTED, _H.SILENCE): _S.SILENT,
    (_S.HELD, _H.SHOW): _S.SHOWN,
    (_S.HELD, _H.SILENCE): _S.SILENT,
    (_S.HELD, _H.TYPE_THROUGH): _S.TYPED_THROUGH,
    (_S.HELD, _H.ACCEPT): _S.ACCEPTED,
    (_S.HELD, _H.ACCEPT_PART): _S.PARTLY,
    (_S.HELD, _H.CONTRADICT): _S.SILENT,
    (_S.HELD, _H.DISMISS): _S.SILENT,
    (_S.HELD, _H.REPLACE): _S.SILENT,
    (_S.HELD, _H.EXPIRE): _S.SILENT,
    (_S.SHOWN, _H.SHOW): _S.SHOWN,
    (_S.SHOWN, _H.ACCEPT): _S.ACCEPTED,
    (_S.SHOWN, _H.ACCEPT_PART): _S.PARTLY,
    (_S.SHOWN, _H.TYPE_THROUGH): _S.TYPED_THROUGH,
    (_S.SHOWN, _H.CONTRADICT): _S.REJECTED,
    (_S.SHOWN, _H.DISMISS): _S.REJECTED,
    (_S.SHOWN, _H.REPLACE): _S.SUPERSEDED,
    (_S.SHOWN, _H.EXPIRE): _S.IGNORED,
    (_S.PARTLY, _H.SHOW): _S.PARTLY,
    (_S.PARTLY, _H.ACCEPT): _S.ACCEPTED,
    (_S.PARTLY, _H.ACCEPT_PART): _S.PARTLY,
    (_S.PARTLY, _H.TYPE_THROUGH): _S.ACCEPTED,
    (_S.PARTLY, _H.CONTRADICT): _S.PARTLY,
    (_S.PARTLY, _H.DISMISS): _S.PARTLY,
    (_S.PARTLY, _H.REPLACE): _S.PARTLY,
    (_S.PARTLY, _H.EXPIRE): _S.PARTLY,
    **{
        (kept, happening): kept
        for kept in (_S.ACCEPTED, _S.TYPED_THROUGH)
        for happening in _H
        if happening not in (_H.ANSWER, _H.SILENCE)
    },
}
"""What was kept stays kept, whatever happens to the other clusters of the same prediction."""

ENDINGS = tuple(state for state in State if state not in (_S.REQUESTED, _S.HELD, _S.SHOWN))


def step(state: State, happening: Happening) -> State:
    """The next state. Something impossible is an error of ours, not of the person's."""
    following = TABLE.get((state, happening))
    assert following is not None, f"a prediction that is {state} cannot {happening}"
    return following


REASONS: dict[str, str] = {
    # nobody was asked
    "mode_off": "predictions are switched off (predict.mode)",
    "mode_manual": "manual mode: predictions come when asked for",
    "paused": "predictions are paused; zeta.pause resumes them",
    "excluded_path": "the file is excluded (predict.disabled_globs)",
    "unsynced": "the server's copy of the text is in doubt; reopening the file mends it",
    "unopened": "the file is not open",
    "binary": "the file looks binary",
    "too_large": "the file is larger than predict.max_file_bytes",
    "long_lines": "the file has a line longer than predict.max_line_chars",
    "endpoint_paused": "the endpoint failed repeatedly and is left alone for a while",
    "unknown_prompt": "the client's prompt is in no format that the gateway reads",
    "bad_request": "the client's request is not what its path takes",
    "gateway_busy": "too many requests at once",
    # the model gave nothing to show
    "no_change": "the model proposes no change",
    "elsewhere": "the model proposes a change in another file; next edit goes there",
    "unsure": "the embedded model is not sure enough",
    "superseded_by_newer": "a newer request took its place",
    "cancelled": "the editor cancelled the request",
    "settings_changed": "the settings changed meanwhile",
    "stale": "the text changed in a way that the answer does not fit",
    "contradicted": "what was typed contradicts it",
    "dismissed": "it was turned down before it was shown",
    "closed": "the file was closed",
    "not_delivered": "the editor did not ask for it again",
    "same_as_rejected": "the same prediction was rejected here a moment ago",
    # a guard refused the answer
    "missing_end_marker": "the answer ends before the end that its format prescribes",
    "truncated": "the token limit cut the answer",
    "answer_too_large": "the answer is much larger than what it replaces",
    "outside_editable": "the answer changes text outside what it may change",
    "leaked_marker": "text of the prompt format leaked into the answer",
    "unsafe_characters": "the answer adds characters that cannot be seen",
    "deletes_region": "the answer deletes nearly everything around the cursor",
    "reverses_typing": "the answer takes back the latest change",
    "whitespace_only": "the answer only changes blanks",
    # a check of the text as it would be
    "adds_syntax_errors": "the text would have syntax errors that it does not have now",
    "adds_errors": "the language server would find more errors than there are now",
    # the answer is none in its format: a wrong format (zeta-lsp doctor tells) or a confused model
    "answer_cut_short": "the answer ended before anything in it was certain",
    "no_fence": "the answer is not a fenced block as the format prescribes",
    "no_markers": "the answer does not say which lines it rewrites",
    "unclosed_span": "the answer does not say where the lines that it rewrites end",
    "marker_out_of_range": "the answer names lines that the prompt does not have",
    "markers_reversed": "the answer ends before the line in which it begins",
    "span_too_wide": "the answer rewrites several excerpts as if they were one",
    "span_cut_short": "the answer stops in the middle of the lines that it rewrites",
    "prompt_too_long": "the lines around the cursor are too long for the prompt format",
    # the endpoint failed
    "endpoint_unreachable": "the endpoint cannot be reached; zeta-lsp doctor says more",
    "endpoint_refused": "the endpoint refused the request; zeta-lsp doctor says more",
    "endpoint_busy": "the endpoint asked to wait",
    "timeout": "the endpoint took longer than endpoint.timeout_ms",
    "bad_reply": "the endpoint's reply was broken or cut short",
    "api_key_missing": "the API key that the settings name could not be had",
    "model_not_named": "the endpoint has several models; endpoint.model chooses one",
    "format_unknown": "no prompt format is known for the endpoint's model; set endpoint.format",
    "model_error": "the endpoint gave no usable answer",
    "internal_error": "zeta-lsp made a mistake; its log has the details",
}


def explained(reason: str) -> str:
    """One line for a person about a reason word; ``word:detail`` is explained by its word."""
    word, _, detail = reason.partition(":")
    known = REASONS.get(reason) or REASONS.get(word)
    if known is None:
        return reason.replace("_", " ")
    return f"{known} ({detail.replace('_', ' ')})" if detail and reason not in REASONS else known
