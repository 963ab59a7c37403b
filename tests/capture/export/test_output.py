"""Where lines go, and what is there when it goes wrong."""

import gzip
import json
import os
import resource
import stat
import threading

import fsspec
import pytest

from capture.export.output import opened
from zeta_lsp.core.errors import UsageError, ZetaError

OLD = b"what was there before\n"


def line(ident, telling="completion"):
    return json.dumps({"prompt": "p", telling: "c", "zeta": {"id": ident}}).encode() + b"\n"


def export(target, idents, *, resume=False, fault=None):
    with opened(str(target), "sft", resume=resume) as output:
        for ident in idents:
            if ident not in output.ids:
                output.write(line(ident))
        if fault is not None:
            raise fault


def ids_in(content):
    return [json.loads(each)["zeta"]["id"] for each in content.splitlines()]


@pytest.fixture
def target(tmp_path):
    return tmp_path / "edits.jsonl"


def test_a_file_is_written_whole_for_its_owner_alone(target):
    export(target, "abc")
    assert ids_in(target.read_bytes()) == ["a", "b", "c"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), ZetaError("no")])
def test_an_interrupted_export_leaves_what_was_there(target, fault):
    target.write_bytes(OLD)
    with pytest.raises(type(fault)):
        export(target, ["x" * 70_000, "b"], fault=fault)
    assert target.read_bytes() == OLD
    assert list(target.parent.iterdir()) == [target]


def test_a_link_stays_a_link(target):
    link = target.parent / "link"
    link.symlink_to(target)
    export(link, "a")
    assert link.is_symlink()
    assert ids_in(target.read_bytes()) == ["a"]


def test_resuming_writes_what_is_missing(target):
    export(target, "ab")
    export(target, "abcd", resume=True)
    assert ids_in(target.read_bytes()) == ["a", "b", "c", "d"]


def test_resuming_what_does_not_exist_begins_it(target):
    export(target, "ab", resume=True)
    assert ids_in(target.read_bytes()) == ["a", "b"]


@pytest.mark.parametrize("kept", range(1, len(line("b"))))
def test_a_torn_last_line_is_cut_and_written_again(target, kept):
    target.write_bytes(line("a") + line("b")[:kept])
    export(target, "abc", resume=True)
    assert target.read_bytes() == line("a") + line("b") + line("c")


def test_an_interrupted_resumption_leaves_whole_lines(target):
    export(target, "a")
    long = ["b" * 70_000, "c"]
    with pytest.raises(KeyboardInterrupt):
        export(target, ["a", *long], resume=True, fault=KeyboardInterrupt())
    assert ids_in(target.read_bytes()) == ["a", long[0]]
    export(target, ["a", *long], resume=True)
    assert ids_in(target.read_bytes()) == ["a", *long]


def test_a_line_that_cannot_be_written_whole_is_taken_back(target):
    export(target, "a")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (80_000, hard))
    try:
        with pytest.raises(ZetaError, match="File too large"):
            export(target, ["b" * 66_000, "c" * 66_000], resume=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ids_in(target.read_bytes()) == ["a", "b" * 66_000]


@pytest.mark.parametrize(
    "content", [OLD, b"{}\n", line("a", "chosen"), b'{"completion":"c"}\n', b"\n" + line("a")]
)
def test_what_is_not_of_such_an_export_is_left_alone(target, content):
    target.write_bytes(content)
    with pytest.raises(UsageError, match="line 1 is not of an export as sft"):
        export(target, "b", resume=True)
    assert target.read_bytes() == content


def test_every_format_knows_its_own_lines(target):
    fields = {
        "zed": {"cursor_path": "p", "prompt": None},
        "sft": {"completion": "c"},
        "dpo": {"chosen": "c", "rejected": "r"},
        "kto": {"completion": "c", "label": False},
    }
    for form, values in fields.items():
        target.write_bytes(json.dumps({**values, "zeta": {"id": "a"}}).encode() + b"\n")
        for other in fields:
            if other == form:
                with opened(str(target), other, resume=True) as output:
                    assert output.ids == {"a"}
            else:
                with pytest.raises(UsageError), opened(str(target), other, resume=True):
                    pass


def test_a_full_disk_is_one_clear_line(tmp_path):
    with pytest.raises(ZetaError, match=r"/dev/full cannot be written: No space left on device"):
        export("/dev/full", "a")


def test_a_device_is_written_to_and_stays(tmp_path):
    export("/dev/null", "a")
    assert not os.path.isfile("/dev/null")  # noqa: PTH113


def test_a_pipe_gets_lines_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    export(pipe, "ab")
    reader.join(10)
    assert ids_in(got[0]) == ["a", "b"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["missing/edits.jsonl", "."])
def test_no_place_for_a_file_is_wrong_use(tmp_path, name):
    with pytest.raises(UsageError, match="no place for a file"):
        export(tmp_path / name, "a")


def test_standard_output_cannot_be_resumed():
    with pytest.raises(UsageError, match="only a file can be resumed"):
        export("-", "a", resume=True)


def test_a_url_gets_everything_in_one_go():
    memory = fsspec.filesystem("memory")
    export("memory://out/edits.jsonl", "ab")
    assert ids_in(memory.cat("/out/edits.jsonl")) == ["a", "b"]
    export("memory://out/edits.jsonl", "bc", resume=True)
    assert ids_in(memory.cat("/out/edits.jsonl")) == ["a", "b", "c"]


def test_an_interrupted_export_to_a_url_sends_nothing():
    memory = fsspec.filesystem("memory")
    with pytest.raises(KeyboardInterrupt):
        export("memory://out/never.jsonl", "ab", fault=KeyboardInterrupt())
    assert not memory.exists("/out/never.jsonl")


def test_a_packed_file_is_packed_and_can_be_resumed(tmp_path):
    packed = tmp_path / "edits.jsonl.gz"
    export(packed, "ab")
    export(packed, "bc", resume=True)
    assert ids_in(gzip.decompress(packed.read_bytes())) == ["a", "b", "c"]
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["nowhere://x/y.jsonl", "memory-no://y"])
def test_an_unknown_kind_of_url_is_wrong_use(url):
    with pytest.raises(UsageError, match="cannot be used"):
        export(url, "a")


def test_a_url_that_fails_is_one_clear_line():
    with pytest.raises(ZetaError, match="cannot be used"):
        export("file:///proc/nothing/here.jsonl", "a")
