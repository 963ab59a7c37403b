"""Whatever people do with projects and consents in whatever order: nobody is recorded without a
consent that is in force for exactly this folder, as it is now.

``ZETA_SOAK_CONSENTS`` sets how many lives are tried.
"""

import os
import shutil
import tempfile
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from capture.consent import Receipt, Refusal
from capture.consent.switches import SWITCH
from capture.licences import is_open
from tests.capture.consent.projects import DAY_S, Place
from tests.capture.licences_generated import KNOWN
from zeta_lsp.core.recording import Level

NAMES = st.sampled_from(["one", "two"])
LICENCES = st.sampled_from(["MIT", "ISC", "GPL-3.0", ""])
LIVES = int(os.environ.get("ZETA_SOAK_CONSENTS", "150"))


class Folder(msgspec.Struct):
    """A folder as it is. `token` stays with it wherever it is moved."""

    token: int
    licence: str
    switch: bool = False


class Agreed(msgspec.Struct, frozen=True):
    """What somebody consented to."""

    token: int
    licence: str
    level: Level
    private: bool
    at: float


class Lives(RuleBasedStateMachine):
    """Projects come, move, change and go; consents are given and withdrawn; time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Place(Path(tempfile.mkdtemp()))
        self.folders: dict[str, Folder] = {}
        self.agreed: dict[str, Agreed] = {}
        self.made = 0

    def teardown(self) -> None:
        shutil.rmtree(self.place.folder)

    def root(self, name: str) -> Path:
        return self.place.folder / name

    def bury(self, name: str) -> None:
        """Out of the way, not deleted: its number must not go to another folder."""
        self.made += 1
        self.root(name).rename(self.place.folder / f"grave{self.made}")
        del self.folders[name]

    def settle(self, name: str, licence: str, *, switch: bool) -> None:
        self.made += 1
        self.folders[name] = Folder(self.made, licence, switch)

    @initialize(consented=st.booleans())
    def begin(self, consented: bool) -> None:
        self.create("one", "MIT")
        if consented:
            self.grant("one", Level.SNAPSHOTS, private=False)

    @rule(name=NAMES, licence=LICENCES)
    def create(self, name: str, licence: str) -> None:
        if name not in self.folders:
            self.place.project(name, licence)
            self.settle(name, licence, switch=False)

    @rule(name=NAMES, level=st.sampled_from(Level), private=st.booleans())
    def grant(self, name: str, level: Level, private: bool) -> None:
        found = self.place.consents.grant(self.root(name), level, private=private, version="1")
        folder = self.folders.get(name)
        if folder is None or folder.switch or not (private or is_open(folder.licence)):
            assert isinstance(found, Refusal)
            return
        assert isinstance(found, Receipt)
        now = self.place.clock.now
        self.agreed[name] = Agreed(folder.token, folder.licence, level, private, now)

    @rule(name=NAMES)
    def revoke(self, name: str) -> None:
        assert self.place.consents.revoke(self.root(name)) == (name in self.agreed)
        self.agreed.pop(name, None)

    @rule(days=st.sampled_from([-100, -1, 1, 30, 179, 200]))
    def time_passes(self, days: int) -> None:
        self.place.clock.now += days * DAY_S

    @rule(name=NAMES, licence=LICENCES)
    def relicense(self, name: str, licence: str) -> None:
        if name in self.folders:
            file = self.root(name) / "LICENSE"
            file.unlink(missing_ok=True)
            if licence:
                file.write_text(KNOWN[licence])
            self.folders[name].licence = licence

    @rule(name=NAMES)
    def flip_switch(self, name: str) -> None:
        if name in self.folders:
            folder, file = self.folders[name], self.root(name) / SWITCH
            file.unlink() if folder.switch else file.touch()
            folder.switch = not folder.switch

    @rule(source=NAMES, to=NAMES)
    def move(self, source: str, to: str) -> None:
        if source in self.folders and to not in self.folders:
            self.root(source).rename(self.root(to))
            self.folders[to] = self.folders.pop(source)

    @rule(source=NAMES, to=NAMES)
    def copy(self, source: str, to: str) -> None:
        if source in self.folders and to not in self.folders:
            shutil.copytree(self.root(source), self.root(to))
            copied = self.folders[source]
            self.settle(to, copied.licence, switch=copied.switch)

    @rule(name=NAMES)
    def clone_anew(self, name: str) -> None:
        if name in self.folders:
            before = self.folders[name]
            again = self.place.folder / "again"
            shutil.copytree(self.root(name), again)
            self.bury(name)
            again.rename(self.root(name))
            self.settle(name, before.licence, switch=before.switch)

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        if name in self.folders:
            self.bury(name)

    @rule(name=NAMES, kept=st.floats(0, 0.99))
    def damage(self, name: str, kept: float) -> None:
        """A receipt loses its end; it counts for nothing from then on, and cannot be withdrawn."""
        if name in self.agreed:
            receipt = self.receipt(name)
            path = next((self.place.capture / "consents").glob(f"*-{receipt.id}.json"))
            content = path.read_bytes()
            path.write_bytes(content[: int(len(content) * kept)])
            del self.agreed[name]

    def receipt(self, name: str) -> Receipt:
        held = (each for each in self.place.consents.receipts() if each.revoked_at is None)
        return next(each for each in held if each.root == str(self.root(name)))

    @invariant()
    def nobody_is_recorded_without_a_consent_in_force(self) -> None:
        for name in ("one", "two"):
            live = self.place.consents.live(self.root(name))
            expected = self.expected(name)
            if expected is None:
                assert isinstance(live, Refusal)
            else:
                assert isinstance(live, Receipt)
                assert (live.level, live.private) == (expected.level, expected.private)
            assert isinstance(self.place.switched_off.live(self.root(name)), Refusal)

    @invariant()
    def nothing_exists_before_the_first_consent(self) -> None:
        assert self.place.data.exists() == bool(self.place.consents.stamp())

    def expected(self, name: str) -> Agreed | None:
        folder, agreed = self.folders.get(name), self.agreed.get(name)
        if folder is None or agreed is None or folder.switch:
            return None
        same = folder.token == agreed.token and folder.licence == agreed.licence
        age_days = (self.place.clock.now - agreed.at) / DAY_S
        return agreed if same and -1 <= age_days < 180 else None


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=LIVES,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
