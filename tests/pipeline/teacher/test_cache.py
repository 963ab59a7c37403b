"""The cache keeps what was paid for, whoever writes and whatever breaks."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.teacher.cache import AnswerCache, Needs
from pipeline.teacher.calls import Call, Question, digest_of, encoded
from pipeline.teacher.replies import Reply
from zeta_lsp.core.prompt import Message

CALL = Call(vendor="chat", model="m", max_tokens=10, messages=(Message("user", "hello"),))


def test_an_answer_is_there_after_closing(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "a" / "answers.sqlite")
    reply = Reply("text", logprob=-1.5, logprob_tokens=3)
    cache.keep([(CALL.digest(1), reply)], "chat", "m")
    cache.close()
    cache = AnswerCache(tmp_path / "a" / "answers.sqlite")
    assert cache.reply(CALL.digest(1)) == reply
    assert cache.reply(CALL.digest(0)) is None
    cache.close()


def test_the_first_answer_counts(tmp_path: Path) -> None:
    one, other = (AnswerCache(tmp_path / "answers.sqlite") for _ in range(2))
    one.keep([("d", Reply("first"))], "chat", "m")
    other.keep([("d", Reply("second"))], "chat", "m")
    found = other.reply("d")
    assert found is not None
    assert found.text == "first"
    one.close()
    other.close()


def test_only_what_has_no_answer_is_wanted(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache.keep([(CALL.digest(1), Reply("known"))], "chat", "m")
    assert cache.want([Question(CALL, 4), Question(CALL, 3)]) == (7, 2)
    assert [one.sample for one in cache.wanted()] == [0, 2, 3]
    assert cache.needs() == Needs(calls=3, input_bytes=15, output_tokens_max=30)
    cache.failed(CALL.digest(2), "busy")
    assert [one.sample for one in cache.wanted()] == [0, 3]
    cache.begin_batch("label", "chat", "url", [CALL.digest(3)])
    assert [one.sample for one in cache.wanted()] == [0]
    assert cache.needs().waiting == 1
    cache.end_batch("label")
    assert [one.sample for one in cache.wanted()] == [0, 3]
    cache.close()


def test_answers_that_come_while_questions_are_read_do_not_disturb(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite")
    cache.want([Question(CALL, 700)])
    seen = []
    for one in cache.wanted():
        seen.append(one.sample)
        cache.keep([(one.digest, Reply("x"))], "chat", "m")
    assert seen == list(range(700))
    cache.close()


WRITER = """
import sys
from pathlib import Path
from pipeline.teacher.cache import AnswerCache
from pipeline.teacher.replies import Reply
cache = AnswerCache(Path(sys.argv[1]))
for n in range(300):
    cache.keep([(f"{sys.argv[2]}{n}", Reply("x" * 2000)), (f"shared{n}", Reply("y"))], "v", "m")
cache.close()
"""


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    programs = [[sys.executable, "-c", WRITER, str(path), name] for name in ("a", "b")]
    processes = [subprocess.Popen(program) for program in programs]
    assert [process.wait(60) for process in processes] == [0, 0]
    cache = AnswerCache(path)
    names = [f"{name}{n}" for name in ("a", "b", "shared") for n in range(300)]
    assert all(cache.reply(name) is not None for name in names)
    assert cache._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    cache.close()


@pytest.mark.parametrize(
    "other",
    [
        {"model": "n"}, {"vendor": "openai"}, {"max_tokens": 11}, {"temperature": 0.0},
        {"seed": 0}, {"stop": ("x",)}, {"system": "s"}, {"revision": "r"}, {"logprobs": True},
        {"messages": (Message("system", "hello"),)}, {"top_p": 1.0}, {"prompt": "hello"},
    ],
)  # fmt: skip
def test_every_field_makes_another_question(other: dict[str, object]) -> None:
    fields = {"vendor": "chat", "model": "m", "max_tokens": 10, "messages": CALL.messages}
    changed = Call(**{**fields, **other})  # type: ignore[arg-type]
    assert changed.digest() != CALL.digest()


def test_the_names_of_answers_never_change() -> None:
    # Answers that were paid for are found by them; a new field must be left out at its default.
    assert CALL.digest() == "0536939bf865b4eac9464674e47f872f"
    assert CALL.digest(7) == "2f50401feb72302ab28351171fb76bf1"


@given(st.text(), st.integers(0, 1000))
def test_a_digest_is_a_name_for_a_batch(text: str, sample: int) -> None:
    call = Call(vendor="chat", model="m", max_tokens=1, prompt=text)
    digest = call.digest(sample)
    assert len(digest) == 32
    assert digest.isalnum()
    assert digest == digest_of(encoded(call), sample)
