"""Why nothing may be recorded of a folder: the words, and what a person can do about each."""

from capture.consent.receipt import Refusal

_ASK_AGAIN = "`zeta-lsp capture on` asks again"
_PRIVATE = "if it is your own closed code, `zeta-lsp capture on --private` asks for that"
ADVICE = {
    "switched_off": "capture is forbidden by the settings, or by DO_NOT_TRACK or "
    "ZETA_LSP_NO_CAPTURE in the environment",
    "no_folder": "there is no such folder",
    "path_not_text": "the folder's name is not valid text, and a receipt could not name it",
    "too_wide": "this folder is more than a project; choose a project in it",
    "ignored_by_project": "the project forbids it",
    "no_consent": "nobody consented; `zeta-lsp capture on` asks",
    "receipt_corrupt": f"the receipt of the consent cannot be read; {_ASK_AGAIN}",
    "revoked": f"the consent was withdrawn; {_ASK_AGAIN}",
    "expired": f"the consent has ended; {_ASK_AGAIN}",
    "clock_behind": "the clock shows a time before the consent was given; set it right",
    "wording_changed": f"the text that was agreed to has changed; {_ASK_AGAIN}",
    "root_changed": f"another folder stands in that place now; {_ASK_AGAIN}",
    "key_changed": f"the key that projects are known by has changed; {_ASK_AGAIN}",
    "licence_changed": f"what states the licence has changed; {_ASK_AGAIN}",
    "licence_unknown": f"no open licence was recognised; {_PRIVATE}",
    "licence_not_open": f"the licence is not one of the open ones; {_PRIVATE}",
}
"""Every reason there is, and what a person is told about it."""


def refused(reason: str, detail: str = "") -> Refusal:
    """A refusal with its advice; `detail` says what exactly stood in the way."""
    advice = ADVICE[reason]
    return Refusal(reason, f"{detail}: {advice}" if detail else advice)
