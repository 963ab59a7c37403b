"""Projects and a profile to consent in, with a clock that only moves when told."""

import shutil
from pathlib import Path

from capture.consent import Consents, Receipt, Refusal
from capture.folder import capture_folder
from tests.capture.licences_generated import KNOWN
from zeta_lsp.core.recording import Level

DAY_S = 86_400.0
START_S = 1_800_000_000.0


class Clock:
    """Seconds since 1970, as somebody sets them."""

    def __init__(self) -> None:
        self.now = START_S

    def __call__(self) -> float:
        return self.now


class Place:
    """A folder with a profile's data folder, and projects beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.clock = Clock()
        self.capture = capture_folder(self.data)
        self.consents = Consents(self.capture, self.clock)
        self.switched_off = Consents(self.capture, self.clock, enabled=False)

    def project(self, name: str = "project", licence: str = "MIT") -> Path:
        """A project; without a licence if that is empty."""
        root = self.folder / name
        (root / "src").mkdir(parents=True)
        (root / "src" / "main.py").write_text("print()\n")
        if licence:
            (root / "LICENSE").write_text(KNOWN[licence])
        return root

    def cloned_anew(self, root: Path) -> None:
        """The same project in the same place, in another folder."""
        again = root.with_name("again")
        shutil.copytree(root, again)
        shutil.rmtree(root)
        again.rename(root)

    def granted(self, root: Path, *, private: bool = False) -> Receipt:
        """Consent for a project."""
        receipt = self.consents.grant(root, Level.SNAPSHOTS, private=private, version="1.2.3")
        assert isinstance(receipt, Receipt), receipt
        return receipt

    def reason(self, root: Path) -> str:
        """Why a project is not recorded; empty if it is."""
        found = self.consents.live(root)
        return found.reason if isinstance(found, Refusal) else ""

    def files(self) -> dict[str, bytes | None]:
        """Everything on this disk, and its bytes."""
        return {
            str(path): path.read_bytes() if path.is_file() else None
            for path in self.folder.rglob("*")
        }
