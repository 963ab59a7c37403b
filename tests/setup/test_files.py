"""Writing a file and taking it back: whole, exact, through links, or not at all."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.setup.machine import Machine
from zeta_lsp.core.errors import ZetaError
from zeta_lsp.setup.carrying import carry_back, carry_out
from zeta_lsp.setup.change import Change, Command, Plan, Refused
from zeta_lsp.setup.patch import taken_back
from zeta_lsp.setup.text import fitted, with_block, without_block
from zeta_lsp.setup.undo import undoing
from zeta_lsp.setup.writing import check, write

LINES = st.sampled_from(["", "a", "b = 1", ";; é", "}", "  x", "a"])
ENDS = st.sampled_from(["\n", "\r\n", "\n", "\n\n"])
TEXTS = st.builds(
    lambda bom, lines, last: bom + "".join(f"{text}{end}" for text, end in lines) + last,
    st.sampled_from(["", "\ufeff"]),
    st.lists(st.tuples(LINES, ENDS), max_size=8),
    st.sampled_from(["", "tail", "\r"]),
)


def block(text: str) -> str:
    return with_block(text, "(one)\n(two)", ";;", "emacs")


@given(TEXTS)
def test_a_block_twice_is_a_block_once(text: str) -> None:
    assert block(block(text)) == block(text)


@given(TEXTS)
def test_a_block_changes_nothing_of_what_was_there(text: str) -> None:
    assert block(text).startswith(text)


@given(TEXTS)
def test_without_its_block_a_text_is_what_it_was_but_for_a_last_line_end(text: str) -> None:
    assert (without_block(block(text)) or "").rstrip("\r\n") == text.rstrip("\r\n")


def test_new_lines_end_as_the_others_do() -> None:
    assert fitted("a\r\nb\r\n", "a\r\nnew\nb\r\n") == "a\r\nnew\r\nb\r\n"
    assert fitted("a\nb\r\nc\n", "a\nb\r\nc\nnew\n") == "a\nb\r\nc\nnew\n"


@given(TEXTS, st.integers(0, 8), st.integers(0, 8))
def test_taking_back_keeps_what_was_written_since_before_and_behind(
    text: str, above: int, below: int
) -> None:
    before, after = text.encode(), block(text).encode()
    current = b"mine\n" * above + after + b"also mine\n" * below
    wanted = b"mine\n" * above + before
    wanted += b"" if not wanted or wanted.endswith(b"\n") or not below else b"\n"
    without = taken_back(before, after, current)
    assert without is not None
    assert without.replace(b"\r\n", b"\n") == (wanted + b"also mine\n" * below).replace(
        b"\r\n", b"\n"
    )


def test_a_block_that_was_edited_is_not_taken_for_ours() -> None:
    before = b"(a)\n"
    after = block("(a)\n").encode()
    assert taken_back(before, after, after.replace(b"(one)", b"(1)")) is None


def test_a_change_that_stands_in_two_places_is_left_alone() -> None:
    assert taken_back(b"x\n", b"x\ny\n", b"x\ny\nx\ny\n") is None


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def carried(machine: Machine, *changes: Change) -> None:
    carry_out("test", Plan(changes), machine.receipts, machine.execute)


def undone(machine: Machine) -> list[str]:
    """Undo everything; what has to be done by hand."""
    advice: list[str] = []
    for receipt in reversed(machine.receipts.all()):
        step = undoing(receipt, machine.receipts)
        carry_back(step, machine.receipts, machine.execute)
        advice += [stuck.advice for stuck in step.stuck]
    return advice


@settings(max_examples=40)  # each waits for the disk
@given(content=st.none() | st.binary(max_size=40), after=st.binary(max_size=40))
def test_undoing_restores_every_byte(
    tmp_path_factory: pytest.TempPathFactory, content: bytes | None, after: bytes
) -> None:
    machine = Machine(tmp_path_factory.mktemp("m"))
    path = machine.home / "deep" / "er" / "file" if content is None else machine.write("f", content)
    carried(machine, Change(path, content, after))
    assert path.read_bytes() == after
    assert undone(machine) == []
    assert (path.read_bytes() if path.exists() else None) == content
    assert not (machine.home / "deep").exists()
    assert machine.receipts.all() == []


def test_nothing_of_a_persons_settings_stays_on_record_after_undoing(machine: Machine) -> None:
    path = machine.write("f", b"secret\n")
    carried(machine, Change(path, b"secret\n", b"secret\nours\n"))
    folder = machine.home.parent / "data" / "setup" / "files"
    assert len(list(folder.iterdir())) == 2
    undone(machine)
    assert list(folder.iterdir()) == []


def test_the_record_is_for_its_owner_alone(machine: Machine) -> None:
    path = machine.write("f", b"a")
    carried(machine, Change(path, b"a", b"b"))
    for each in (machine.home.parent / "data").rglob("*"):
        assert stat.S_IMODE(each.stat().st_mode) == (0o700 if each.is_dir() else 0o600), each


def test_a_file_keeps_its_rights_and_a_private_one_is_made_private(machine: Machine) -> None:
    path = machine.write("f", b"a")
    path.chmod(0o640)
    private = machine.home / "config.toml"
    carried(machine, Change(path, b"a", b"b"), Change(private, None, b"x", private=True))
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_a_link_stays_and_the_file_behind_it_is_written(machine: Machine) -> None:
    real = machine.write("dotfiles/init.el", b"a\n")
    link = machine.home / ".emacs"
    link.symlink_to(real)
    change = Change(link, b"a\n", b"a\nb\n")
    assert change.is_linked
    carried(machine, change)
    assert link.is_symlink()
    assert real.read_bytes() == b"a\nb\n"
    undone(machine)
    assert link.is_symlink()
    assert real.read_bytes() == b"a\n"


def test_a_link_that_leads_nowhere_is_refused(machine: Machine) -> None:
    link = machine.home / "link"
    link.symlink_to(machine.home / "no" / "file")
    with pytest.raises(Refused, match="is a link to"):
        check(Change(link, None, b"x"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_write_protected_file_is_refused(machine: Machine) -> None:
    path = machine.write("f", b"a")
    path.chmod(0o444)
    with pytest.raises(Refused, match="write-protected"):
        check(Change(path, b"a", b"b"))


def test_a_file_that_changed_meanwhile_is_not_written(machine: Machine) -> None:
    path = machine.write("f", b"other")
    with pytest.raises(ZetaError, match="run setup again"):
        write(Change(path, b"a", b"b"))
    assert path.read_bytes() == b"other"


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ZetaError("no network")])
def test_a_plan_that_fails_midway_leaves_nothing(machine: Machine, fault: BaseException) -> None:
    path = machine.write("f", b"a")
    new = machine.home / "new" / "file"

    def fails(argv: object) -> None:
        if argv == ("second",):
            raise fault
        machine.executed.append(tuple(map(str, argv)))  # type: ignore[call-overload]

    commands = (Command(("first",), ("not first",)), Command(("second",), ("not second",)))
    plan = Plan((Change(path, b"a", b"b"), Change(new, None, b"x")), commands)
    with pytest.raises(type(fault)):
        carry_out("test", plan, machine.receipts, fails)
    assert machine.files() == {"f": b"a"}
    assert not new.parent.exists()
    assert machine.executed == [("first",), ("not first",)]
    assert machine.receipts.all() == []


def test_a_run_that_was_killed_before_it_wrote_can_be_undone(machine: Machine) -> None:
    path = machine.write("f", b"a")
    machine.receipts.add("test", [Change(path, b"a", b"b")], [])
    assert undone(machine) == []
    assert path.read_bytes() == b"a"


def test_what_was_edited_since_is_kept_when_ours_is_taken_out(machine: Machine) -> None:
    path = machine.write("f", b"one\ntwo\n")
    carried(machine, Change(path, b"one\ntwo\n", b"one\nours\ntwo\n"))
    path.write_bytes(b"zero\none\nours\ntwo\nthree\n")
    assert undone(machine) == []
    assert path.read_bytes() == b"zero\none\ntwo\nthree\n"


def test_what_cannot_be_told_apart_is_left_to_the_person(machine: Machine) -> None:
    path = machine.write("f", b"one\n")
    carried(machine, Change(path, b"one\n", b"one\nours\n"))
    path.write_bytes(b"one\nours, edited\n")
    (advice,) = undone(machine)
    assert "-ours" in advice or "+ours" in advice
    assert path.read_bytes() == b"one\nours, edited\n"
    assert len(machine.receipts.all()) == 1


def test_a_marked_block_is_taken_out_even_if_it_was_edited(machine: Machine) -> None:
    before, after = b"(a)\n", block("(a)\n").encode()
    path = machine.write("f", before)
    carried(machine, Change(path, before, after))
    path.write_bytes(after.replace(b"(one)", b"(1)") + b"(b)\n")
    assert undone(machine) == []
    assert path.read_bytes() == b"(a)\n(b)\n"


def test_our_own_file_with_somebodys_edits_is_not_removed(machine: Machine) -> None:
    path = machine.home / "plugin.lua"
    carried(machine, Change(path, None, b"ours\n"))
    path.write_bytes(b"ours\nmine\n")
    (advice,) = undone(machine)
    assert "remove it if you do not need it" in advice
    assert path.exists()


def test_two_runs_are_undone_one_after_the_other(machine: Machine) -> None:
    path = machine.write("f", b"0\n")
    carried(machine, Change(path, b"0\n", b"0\n1\n"))
    path.write_bytes(b"mine\n0\n1\n")
    carried(machine, Change(path, b"mine\n0\n1\n", b"mine\n0\n1\n2\n"))
    assert undone(machine) == []
    assert path.read_bytes() == b"mine\n0\n"


def test_a_damaged_record_is_not_used(machine: Machine) -> None:
    path = machine.write("f", b"a")
    carried(machine, Change(path, b"a", b"b"))
    for each in (machine.home.parent / "data" / "setup" / "files").iterdir():
        each.write_bytes(b"damaged")
    with pytest.raises(ZetaError, match="damaged"):
        undone(machine)
    assert path.read_bytes() == b"b"
