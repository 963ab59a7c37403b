"""Joins the parts of this room, for whoever starts the program.

`recorder_for` is the recorder of one session, `consent_desk` where an editor's session asks for
consent. Both read the folder when they are called; nothing is made before somebody consents.
"""

import secrets
import time
from pathlib import Path

from capture.consent import Consents, Refusal
from capture.folder import capture_folder
from zeta_lsp.core.recording import Capturing, Level, Proposal, Recorder


def recorder_for(data_dir: Path, wish: Capturing, version: str) -> Recorder | None:
    """What records a session; None if nobody's consent is in force."""
    folder = capture_folder(data_dir)
    consents = Consents(folder, time.time)
    if not any(receipt.revoked_at is None for receipt in consents.receipts()):
        return None
    from capture.recorder import Recorder as Recording

    return Recording.over(folder, wish, consents, session=secrets.token_hex(8), version=version)


def consent_desk(data_dir: Path, version: str) -> "Desk":
    """Where the person in front of an editor consents."""
    return Desk(Consents(capture_folder(data_dir), time.time), version)


class Desk:
    """`core.recording.ConsentDesk` over this user's receipts.

    An editor can only have open projects captured: consent for closed code is given on the command
    line, where no button can be pressed by mistake.
    """

    def __init__(self, consents: Consents, version: str) -> None:
        self.consents = consents
        self._version = version

    def stamp(self) -> int:
        """See `ConsentDesk`."""
        return self.consents.stamp()

    def proposal(self, root: Path, level: Level) -> Proposal:
        """See `ConsentDesk`."""
        made = self.consents.proposal(root, level, private=False)
        return Proposal(refused=made.advice) if isinstance(made, Refusal) else Proposal(made)

    def grant(self, root: Path, level: Level) -> str:
        """See `ConsentDesk`."""
        granted = self.consents.grant(root, level, private=False, version=self._version)
        return granted.advice if isinstance(granted, Refusal) else ""

    def revoke(self, root: Path) -> bool:
        """See `ConsentDesk`."""
        return self.consents.revoke(root)
