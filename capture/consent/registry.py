"""All consents of a person: asking, giving, withdrawing, and whether one still holds.

A consent is a receipt in ``<capture>/consents``, outside of every project, so no repository can
bring one along. It is for one folder, and holds while everything that it was given for is still
so: the folder is the same one, what states its licence is unchanged, the text is the one that was
agreed to, its time has not passed. `Consents` remembers nothing: each answer is found anew.

Switches win over every consent: the settings (`enabled`), and a file in the project. Reading never
makes anything; before the first `grant` nothing exists. Withdrawing works on a full disk too.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from capture.consent.identity import Identity, identity_of, is_too_wide, project_id
from capture.consent.key import existing_key, made_key
from capture.consent.receipt import Receipt, Refusal
from capture.consent.refusal import refused
from capture.consent.shelf import Shelf
from capture.consent.switches import forbidding
from capture.consent.wording import LIFETIME_DAYS, TEXT_VERSION, wording
from capture.folder import make_private
from capture.licences import Judgement, is_open, judge, licence_of
from zeta_lsp.core.recording import Level

_DAY_S = 86_400.0


class Consents:
    """The consents in a capture folder. Safe to use from any thread."""

    def __init__(
        self, folder: Path, wall_clock: Callable[[], float], *, enabled: bool = True
    ) -> None:
        """`enabled` is the setting: where it is off, nothing is ever live."""
        self._folder = folder
        self._shelf = Shelf(folder)
        self._wall_clock = wall_clock
        self._enabled = enabled

    def live(self, root: Path) -> Receipt | Refusal:
        """The consent that holds for a folder now, or why none does."""
        found = self._allowed(root)
        if isinstance(found, Refusal):
            return found
        receipt = self._newest(found.root)
        if isinstance(receipt, Refusal):
            return receipt
        return self._changed(receipt, found) or receipt

    def proposal(self, root: Path, level: Level, *, private: bool) -> str | Refusal:
        """The text a person is asked to agree to, or why it would be of no use to ask."""
        found = self._grantable(root, private=private)
        if isinstance(found, Refusal):
            return found
        identity, judged = found
        return wording(identity.root, self._folder, level, judged.licence, private=private)

    def grant(
        self,
        root: Path,
        level: Level,
        *,
        private: bool,
        version: str,
        agreed_to: str | None = None,
    ) -> Receipt | Refusal:
        """Write down that somebody agreed; it replaces what they agreed to before.

        `agreed_to` is the text they saw: if it would read differently by now, they are not bound.

        Raises:
            StoreUnavailable: the receipt could not be written; nothing is live.
        """
        found = self._grantable(root, private=private)
        if isinstance(found, Refusal):
            return found
        identity, judged = found
        text = wording(identity.root, self._folder, level, judged.licence, private=private)
        if agreed_to not in (None, text):
            return refused("wording_changed")
        make_private(self._folder)
        receipt = self._receipt(identity, judged, level, text, private=private, version=version)
        self.revoke(root)
        self._shelf.put(receipt)
        return receipt

    def revoke(self, root: Path) -> bool:
        """Withdraw what was agreed to for a folder, which need not exist any more.

        The receipt is kept and says when; where it cannot be written, it is removed.

        Raises:
            StoreUnavailable: neither could be done.
        """
        held = [each for each in self._shelf.of(_real(root)) if each.revoked_at is None]
        for receipt in held:
            self._shelf.withdraw(msgspec.structs.replace(receipt, revoked_at=self._wall_clock()))
        return bool(held)

    def refusal_of(self, receipt: Receipt, file: Path) -> Refusal | None:
        """Why a file of a consented folder may not be recorded: a switch, or its own licence."""
        switch = forbidding(file.parent)
        if switch is not None:
            return refused("ignored_by_project", str(switch))
        if receipt.private:
            return None
        licence = licence_of(Path(receipt.root), file)
        if licence is None:
            return refused("licence_unknown")
        return None if is_open(licence.spdx) else refused("licence_not_open", licence.spdx)

    def receipts(self) -> list[Receipt]:
        """Every receipt that can be read, withdrawn ones too, oldest first."""
        return self._shelf.all()

    def project(self, root: Path) -> str:
        """How rows know a folder, which need not exist; empty if nothing was ever consented to."""
        key = existing_key(self._folder)
        return project_id(key, _real(root)) if key is not None else ""

    def stamp(self) -> int:
        """Differs after every change of a consent; 0 before the first."""
        return self._shelf.stamp()

    def _allowed(self, root: Path) -> Identity | Refusal:
        """The folder, unless a switch forbids it."""
        if not self._enabled:
            return refused("switched_off")
        identity = identity_of(root)
        if identity is None:
            return refused("no_folder", str(root))
        if not _is_text(identity.root):
            return refused("path_not_text")
        switch = forbidding(Path(identity.root))
        return identity if switch is None else refused("ignored_by_project", str(switch))

    def _grantable(self, root: Path, *, private: bool) -> tuple[Identity, Judgement] | Refusal:
        identity = self._allowed(root)
        if isinstance(identity, Refusal):
            return identity
        if is_too_wide(identity.root):
            return refused("too_wide", identity.root)
        judged = _judged(identity)
        return _closed(judged, private=private) or (identity, judged)

    def _newest(self, root: str) -> Receipt | Refusal:
        """The latest receipt of a folder that was not withdrawn."""
        receipts = self._shelf.of(root)
        held = [each for each in receipts if each.revoked_at is None]
        if held:
            return max(held, key=lambda each: each.granted_at)
        if self._shelf.is_damaged(root):
            return refused("receipt_corrupt")
        return refused("revoked" if receipts else "no_consent")

    def _changed(self, receipt: Receipt, now: Identity) -> Refusal | None:
        """What is not any more as it was agreed to."""
        then = Identity(receipt.root, receipt.device, receipt.inode, receipt.born_ns)
        key = existing_key(self._folder)
        if receipt.text_version != TEXT_VERSION:
            return refused("wording_changed")
        if then != now:
            return refused("root_changed")
        if key is None or project_id(key, now.root) != receipt.project:
            return refused("key_changed")
        return self._overdue(receipt) or self._relicensed(receipt, _judged(now))

    def _overdue(self, receipt: Receipt) -> Refusal | None:
        now = self._wall_clock()
        if now >= receipt.expires_at:
            return refused("expired")
        # A clock that was set back would otherwise make a consent last longer.
        return refused("clock_behind") if now < receipt.granted_at - _DAY_S else None

    def _relicensed(self, receipt: Receipt, judged: Judgement) -> Refusal | None:
        if judged.digest != receipt.licence_digest:
            return refused("licence_changed")
        return _closed(judged, private=receipt.private)

    def _receipt(
        self,
        identity: Identity,
        judged: Judgement,
        level: Level,
        text: str,
        *,
        private: bool,
        version: str,
    ) -> Receipt:
        now = self._wall_clock()
        return Receipt(
            id=secrets.token_hex(8),
            **msgspec.structs.asdict(identity),
            project=project_id(made_key(self._folder), identity.root),
            project_name=Path(identity.root).name,
            level=level,
            private=private,
            text=text,
            text_version=TEXT_VERSION,
            granted_at=now,
            expires_at=now + LIFETIME_DAYS * _DAY_S,
            by_version=version,
            licence=judged.licence,
            licence_digest=judged.digest,
        )


def _judged(identity: Identity) -> Judgement:
    return judge(Path(identity.root), Path(identity.root))


def _closed(judged: Judgement, *, private: bool) -> Refusal | None:
    """Why a licence does not allow recording, unless as private code."""
    if private:
        return None
    if judged.licence is None:
        return refused("licence_unknown", judged.remark)
    if not is_open(judged.licence.spdx):
        return refused("licence_not_open", f"{judged.licence.evidence} is {judged.licence.spdx}")
    return None


def _is_text(path: str) -> bool:
    """Whether a path can be written down: on Linux a name may be any bytes."""
    return path.encode("utf-8", "replace").decode() == path


def _real(root: Path) -> str:
    """A folder's path without symbolic links, also of one that is gone."""
    try:
        return str(root.resolve())
    except (OSError, RuntimeError):
        return str(root.absolute())
