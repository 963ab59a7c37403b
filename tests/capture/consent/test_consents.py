import os
import resource
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from capture.consent import Consents, Receipt, Refusal
from capture.consent.key import KEY_FILE
from capture.consent.receipt import decode, encode
from capture.consent.refusal import ADVICE
from capture.consent.switches import SWITCH
from capture.consent.wording import TEXT_VERSION
from capture.store.errors import StoreUnavailable
from tests.capture.consent.projects import DAY_S, START_S, Place
from tests.capture.licences_generated import KNOWN
from zeta_lsp.core.recording import Level


def test_nobody_is_recorded_who_did_not_consent(place: Place) -> None:
    assert place.reason(place.project()) == "no_consent"
    assert place.consents.stamp() == 0


def test_a_receipt_says_what_was_agreed_to_when_and_for_which_folder(place: Place) -> None:
    root = place.project()
    text = place.consents.proposal(root, Level.SNAPSHOTS, private=False)
    receipt = place.granted(root)
    assert receipt == place.consents.live(root)
    assert (receipt.text, receipt.text_version) == (text, TEXT_VERSION)
    assert (receipt.granted_at, receipt.expires_at) == (START_S, START_S + 180 * DAY_S)
    assert (receipt.root, receipt.by_version) == (str(root), "1.2.3")
    assert receipt.licence is not None
    assert (receipt.licence.spdx, receipt.licence.evidence) == ("MIT", "LICENSE")
    assert receipt.project == place.consents.project(root)


def test_a_consent_is_for_one_folder(place: Place) -> None:
    place.granted(place.project())
    assert place.reason(place.project("other")) == "no_consent"
    assert place.reason(place.folder / "project" / "src") == "no_consent"


def test_a_folder_is_the_same_by_whatever_way_one_comes_to_it(place: Place) -> None:
    root = place.project()
    place.granted(root)
    (place.folder / "link").symlink_to(root)
    assert place.reason(place.folder / "link") == ""
    assert place.reason(root / "src" / "..") == ""


def test_a_consent_ends_after_180_days(place: Place) -> None:
    root = place.project()
    place.granted(root)
    place.clock.now = START_S + 180 * DAY_S - 1
    assert place.reason(root) == ""
    place.clock.now += 1
    assert place.reason(root) == "expired"


def test_a_clock_that_is_set_back_prolongs_nothing(place: Place) -> None:
    root = place.project()
    place.granted(root)
    place.clock.now = START_S - 3600  # clocks are corrected now and then
    assert place.reason(root) == ""
    place.clock.now = START_S - 2 * DAY_S
    assert place.reason(root) == "clock_behind"


def test_a_withdrawn_consent_keeps_its_receipt(place: Place) -> None:
    root = place.project()
    receipt = place.granted(root)
    place.clock.now += 60
    assert place.consents.revoke(root)
    assert place.reason(root) == "revoked"
    kept = msgspec.structs.replace(receipt, revoked_at=START_S + 60)
    assert place.consents.receipts() == [kept]
    assert not place.consents.revoke(root)


def test_consenting_again_replaces_what_was_agreed_to(place: Place) -> None:
    root = place.project()
    place.consents.grant(root, Level.SESSIONS, private=False, version="1")
    place.clock.now -= 3600  # even if the clock says it was before
    place.consents.grant(root, Level.COUNTERS, private=False, version="1")
    live = place.consents.live(root)
    assert isinstance(live, Receipt)
    assert live.level is Level.COUNTERS
    assert sum(each.revoked_at is None for each in place.consents.receipts()) == 1


def _moved(place: Place, root: Path) -> Path:
    return root.rename(place.folder / "moved")


def _copied(place: Place, root: Path) -> Path:
    return Path(shutil.copytree(root, place.folder / "copy"))


def test_a_project_elsewhere_is_another_project(place: Place) -> None:
    root = place.project()
    place.granted(root)
    assert place.reason(_copied(place, root)) == "no_consent"
    assert place.reason(_moved(place, root)) == "no_consent"
    assert place.reason(root) == "no_folder"


def test_a_new_clone_in_the_old_place_is_another_project(place: Place) -> None:
    root = place.project()
    place.granted(root)
    place.cloned_anew(root)
    assert place.reason(root) == "root_changed"


def test_a_folder_that_was_made_anew_under_the_same_number_is_another_one(place: Place) -> None:
    root = place.project()
    receipt = place.granted(root)
    if not receipt.born_ns:
        pytest.skip("this file system does not tell when a folder was made")
    shutil.rmtree(root)
    place.project()
    assert place.reason(root) == "root_changed"


def test_another_project_behind_the_same_link_is_another_project(place: Place) -> None:
    link = place.folder / "link"
    link.symlink_to(place.project("one"))
    place.granted(link)
    link.unlink()
    link.symlink_to(place.project("two"))
    assert place.reason(link) == "no_consent"


def _relicensed(root: Path) -> None:
    (root / "LICENSE").write_text(KNOWN["GPL-3.0"])


def _touched_up(root: Path) -> None:
    (root / "LICENSE").write_text(KNOWN["MIT"].replace("[year]", "2026"))


def _unlicensed(root: Path) -> None:
    (root / "LICENSE").unlink()


def _licensed_twice(root: Path) -> None:
    (root / "LICENSE-ISC").write_text(KNOWN["ISC"])


def _contradicted(root: Path) -> None:
    (root / "package.json").write_text('{"license": "UNLICENSED"}')


@pytest.mark.parametrize(
    "change", [_relicensed, _touched_up, _unlicensed, _licensed_twice, _contradicted]
)
@pytest.mark.parametrize("private", [False, True])
def test_any_change_of_the_licence_stops_it(
    change: Callable[[Path], None], private: bool, place: Place
) -> None:
    root = place.project()
    place.granted(root, private=private)
    change(root)
    assert place.reason(root) == "licence_changed"


def test_the_licence_as_it_was_makes_the_consent_hold_again(place: Place) -> None:
    root = place.project()
    place.granted(root)
    before = (root / "LICENSE").read_text()
    _relicensed(root)
    assert place.reason(root) == "licence_changed"
    (root / "LICENSE").write_text(before)
    assert place.reason(root) == ""


def test_another_wording_has_to_be_agreed_to_anew(place: Place) -> None:
    root = place.project()
    receipt = place.granted(root)
    rewritten(place, receipt, text_version=TEXT_VERSION - 1)
    assert place.reason(root) == "wording_changed"


def test_nobody_is_bound_to_a_text_they_did_not_see(place: Place) -> None:
    root = place.project()
    text = place.consents.proposal(root, Level.SNAPSHOTS, private=False)
    assert isinstance(text, str)
    (root / "LICENSE").write_text(KNOWN["ISC"])
    found = place.consents.grant(root, Level.SNAPSHOTS, private=False, version="1", agreed_to=text)
    assert isinstance(found, Refusal)
    assert found.reason == "wording_changed"
    assert not place.data.exists()


@pytest.mark.parametrize(
    ("licence", "reason"),
    [("", "licence_unknown"), ("GPL-3.0", "licence_not_open"), ("Unlicense", "licence_not_open")],
)
def test_a_project_that_is_not_open_is_recorded_only_as_private(
    licence: str, reason: str, place: Place
) -> None:
    root = place.project(licence=licence)
    for level in Level:
        for refused in (
            place.consents.proposal(root, level, private=False),
            place.consents.grant(root, level, private=False, version="1"),
        ):
            assert isinstance(refused, Refusal)
            assert refused.reason == reason
    assert not place.data.exists()
    assert place.granted(root, private=True).private
    assert place.reason(root) == ""


def test_a_consent_for_an_open_project_is_none_for_private_code(place: Place) -> None:
    root = place.project()
    (root / "vendor").mkdir()
    (root / "vendor" / "COPYING").write_text(KNOWN["GPL-3.0"])
    receipt = place.granted(root)
    refused = place.consents.refusal_of(receipt, root / "vendor" / "a.c")
    assert refused is not None
    assert refused.reason == "licence_not_open"
    assert place.consents.refusal_of(receipt, root / "src" / "main.py") is None
    private = place.granted(root, private=True)
    assert place.consents.refusal_of(private, root / "vendor" / "a.c") is None


def test_the_setting_forbids_everything(place: Place) -> None:
    root = place.project()
    place.granted(root)
    refusals = (
        place.switched_off.live(root),
        place.switched_off.proposal(root, Level.COUNTERS, private=True),
        place.switched_off.grant(root, Level.COUNTERS, private=True, version="1"),
    )
    assert [getattr(each, "reason", "") for each in refusals] == ["switched_off"] * 3


@pytest.mark.parametrize("where", [".", "..", "../.."])
def test_a_file_in_the_project_or_above_forbids_it(where: str, place: Place) -> None:
    root = place.project("a/b/project")
    place.granted(root, private=True)
    switch = root / where / SWITCH
    switch.symlink_to("nowhere")  # its name is enough
    assert place.reason(root) == "ignored_by_project"
    assert isinstance(place.consents.proposal(root, Level.COUNTERS, private=True), Refusal)
    switch.unlink()
    assert place.reason(root) == ""


def test_a_file_in_a_folder_of_the_project_forbids_that_folder(place: Place) -> None:
    root = place.project()
    receipt = place.granted(root, private=True)
    (root / "src" / SWITCH).touch()
    refused = place.consents.refusal_of(receipt, root / "src" / "deep" / "a.py")
    assert refused is not None
    assert refused.reason == "ignored_by_project"
    assert place.consents.refusal_of(receipt, root / "a.py") is None


@pytest.mark.parametrize("root", [Path("/"), Path.home(), Path.home().parent])
def test_nobody_consents_for_a_whole_disk_or_home(root: Path, place: Place) -> None:
    refused = place.consents.proposal(root, Level.COUNTERS, private=True)
    assert isinstance(refused, Refusal)
    assert refused.reason == "too_wide"


def test_a_folder_whose_name_is_no_text_is_refused_and_breaks_nothing(place: Place) -> None:
    root = place.folder / os.fsdecode(b"caf\xe9")
    try:
        root.mkdir()
    except OSError:
        pytest.skip("this file system only takes names that are text")
    refused = place.consents.grant(root, Level.COUNTERS, private=True, version="1")
    assert isinstance(refused, Refusal)
    assert refused.reason == "path_not_text"
    assert not place.consents.revoke(root)


def test_every_reason_has_an_advice_and_every_refusal_a_reason() -> None:
    assert all(reason.isidentifier() and advice for reason, advice in ADVICE.items())


def receipt_file(place: Place) -> Path:
    (path,) = (place.capture / "consents").glob("*.json")
    return path


def rewritten(place: Place, receipt: Receipt, **changes: object) -> None:
    receipt_file(place).write_bytes(encode(msgspec.structs.replace(receipt, **changes)))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"{}", b"null", b"\x00" * 100, b'{"id": "a"}', b"[" * 100_000, b"\xff\xfe"],
)
def test_a_receipt_that_cannot_be_read_is_no_consent(content: bytes, place: Place) -> None:
    root = place.project()
    place.granted(root)
    receipt_file(place).write_bytes(content)
    assert place.reason(root) == "receipt_corrupt"
    assert place.consents.receipts() == []
    place.granted(root)
    assert place.reason(root) == ""


def test_a_receipt_cut_off_anywhere_is_no_consent(place: Place) -> None:
    root = place.project()
    whole = encode(place.granted(root))
    cut = [decode(whole[:length]) for length in range(0, len(whole) - 2, 7)]
    assert cut == [None] * len(cut)
    assert decode(whole) is not None


def test_a_receipt_of_another_project_under_this_ones_name_is_no_consent(place: Place) -> None:
    one, two = place.project("one"), place.project("two")
    place.granted(one)
    theirs = receipt_file(place)
    place.granted(two)
    ours = next(path for path in theirs.parent.glob("*.json") if path != theirs)
    ours.write_bytes(theirs.read_bytes())
    assert place.reason(two) == "receipt_corrupt"
    assert place.reason(one) == ""


def test_a_receipt_without_the_profiles_key_is_no_consent(place: Place) -> None:
    root = place.project()
    place.granted(root)
    (place.capture / KEY_FILE).write_bytes(b"k" * 32)
    assert place.reason(root) == "key_changed"
    (place.capture / KEY_FILE).unlink()
    assert place.reason(root) == "key_changed"


def _open_to_others(path: Path) -> None:
    path.chmod(0o666)


def _linked(path: Path) -> None:
    path.rename(path.parent / "real")
    path.symlink_to(path.parent / "real")


def _a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("planted", [_open_to_others, _linked, _a_pipe])
def test_a_receipt_that_others_could_have_written_is_no_consent(
    planted: Callable[[Path], None], place: Place
) -> None:
    root = place.project()
    place.granted(root)
    planted(receipt_file(place))
    assert place.reason(root) == "receipt_corrupt"


@pytest.mark.parametrize("planted", ["data/capture", "data/capture/consents"])
def test_nothing_is_written_through_a_planted_link(planted: str, place: Place) -> None:
    root, elsewhere = place.project(), place.folder / "elsewhere"
    elsewhere.mkdir()
    (place.folder / planted).parent.mkdir(parents=True, mode=0o700)
    (place.folder / planted).symlink_to(elsewhere)
    with pytest.raises(StoreUnavailable) as fault:
        place.granted(root)
    assert fault.value.reason == "symlink"
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_can_read_what_is_written(umask: int, place: Place) -> None:
    before = os.umask(umask)
    try:
        place.granted(place.project())
    finally:
        os.umask(before)
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in place.data.rglob("*")}
    assert modes == {True: 0o700, False: 0o600}


def test_nothing_is_left_beside_the_receipts_and_the_key(place: Place) -> None:
    root = place.project()
    for _ in range(3):
        place.granted(root)
    place.consents.revoke(root)
    names = [path.suffix for path in place.data.rglob("*") if path.is_file()]
    assert sorted(names) == [".json", ".json", ".json", ".key"]


def test_asking_and_looking_change_nothing(place: Place) -> None:
    root = place.project()
    unconsented = place.files()
    looked(place, root)
    assert place.files() == unconsented
    place.granted(root)
    consented = place.files()
    looked(place, root)
    assert place.files() == consented


def looked(place: Place, root: Path) -> None:
    for consents in (place.consents, place.switched_off):
        consents.live(root)
        consents.proposal(root, Level.SESSIONS, private=True)
        consents.stamp()
        consents.receipts()
        consents.project(root)


def test_withdrawing_where_nobody_consented_makes_nothing(place: Place) -> None:
    assert not place.consents.revoke(place.project())
    assert not place.data.exists()


def test_the_stamp_changes_with_every_consent_however_coarse_the_clock_is(place: Place) -> None:
    root, stamps = place.project(), [place.consents.stamp()]
    for _ in range(20):
        place.granted(root)
        stamps.append(place.consents.stamp())
        place.consents.revoke(root)
        stamps.append(place.consents.stamp())
    assert stamps == sorted(set(stamps))


def test_two_profiles_know_a_project_by_different_names(place: Place) -> None:
    root = place.project()
    other = Consents(place.folder / "other" / "capture", place.clock)
    theirs = other.grant(root, Level.COUNTERS, private=False, version="1")
    assert isinstance(theirs, Receipt)
    assert theirs.project != place.granted(root).project


def test_a_consent_can_be_withdrawn_for_a_folder_that_is_gone(place: Place) -> None:
    root = place.project()
    place.granted(root)
    shutil.rmtree(root)
    assert place.consents.revoke(root)


def test_withdrawing_works_on_a_full_disk(place: Place) -> None:
    root, other = place.project(), place.project("other")
    place.granted(root)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with pytest.raises(StoreUnavailable):
            place.granted(other)
        assert place.consents.revoke(root)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert place.reason(root) == "no_consent"
    assert place.reason(other) == "no_consent"


def test_a_receipt_that_was_never_finished_does_not_count(place: Place) -> None:
    root = place.project()
    place.granted(root)
    path = receipt_file(place)
    path.rename(path.with_name(".0123456789abcdef.tmp"))
    assert place.reason(root) == "no_consent"


def test_nobody_who_looks_meanwhile_sees_a_consent_after_it_was_withdrawn(place: Place) -> None:
    root, done = place.project(), threading.Event()
    turn = [0]  # even: withdrawn
    late: list[str] = []

    def look() -> None:
        while not done.is_set():
            before = turn[0]
            live = place.consents.live(root)
            if isinstance(live, Receipt):
                late.extend([live.id] if before == turn[0] and before % 2 == 0 else [])
            else:
                assert live.reason in {"no_consent", "revoked", "receipt_corrupt", "key_changed"}

    with ThreadPoolExecutor(2) as pool:
        looking = [pool.submit(look) for _ in range(2)]
        for _ in range(40):
            turn[0] += 1
            place.granted(root)
            place.consents.revoke(root)
            turn[0] += 1
        done.set()
    assert [each.exception() for each in looking] == [None, None]
    assert late == []
