"""Secrets leave no trace in the store, however they come into a file and go out of it again.

``ZETA_SOAK_SECRETS`` says how many are tried; each is looked for by every part of 8 characters.
"""

import os
import random
import string

import msgspec
import pytest

from capture.rows import Snapshot, Stream
from tests.capture.recording import Sitting
from zeta_lsp.core.documents import Change, Document, Position, Range
from zeta_lsp.core.events import Source
from zeta_lsp.core.recording import Level, Opened, Recordable

COUNT = int(os.environ.get("ZETA_SOAK_SECRETS", "220"))
TEXT = "import os\n\n\ndef connect():\n    return None\n\n\ndef main():\n    connect()\n"
events_of = msgspec.json.Decoder(list[tuple[int, float, Recordable]]).decode
ALPHABET = string.ascii_letters + string.digits


def a_secret(rng):
    return "KEY_" + "".join(rng.choice(ALPHABET) for _ in range(rng.randrange(16, 40)))


class Scene:
    """A person with a secret, in one file of two."""

    def __init__(self, rng, sitting=None):
        self.rng = rng
        self.sitting = sitting or Sitting(Level.SESSIONS)
        self.person = self.sitting.person(TEXT)
        self.other = self.sitting.person(TEXT, "other.py")
        self.secret = a_secret(rng)

    def pause(self):
        """Sometimes rows are written in between; sometimes a model is asked."""
        if self.rng.random() < 0.3:
            self.sitting.write(after_s=self.rng.choice([0.3, 2, 12]))
        if self.rng.random() < 0.15:
            person = self.rng.choice([self.person, self.other])
            person.answer(person.ask(0, 0))

    def type(self, row, col, text, person=None):
        for key in text:
            (person or self.person).type(row, col, key)
            row, col = (row + 1, 0) if key == "\n" else (row, col + 1)
            self.pause()
        return row, col

    def erase(self, row, col, count, source=Source.TYPED):
        for at in range(col, col - count, -1):
            self.person.edit((row, at - 1), (row, at), "", source)
            self.pause()

    def paste(self, row, col, text, person=None, source=Source.PASTED):
        (person or self.person).edit((row, col), (row, col), text, source)
        self.pause()


def typed(scene):
    scene.type(5, 0, f'x = "{scene.secret}"\n')


def typed_and_erased(scene):
    row, col = scene.type(5, 0, scene.secret)
    scene.erase(row, col, len(scene.secret))


def pasted(scene):
    scene.paste(4, 4, scene.secret)


def pasted_and_erased_at_once(scene):
    scene.person.edit((4, 4), (4, 4), scene.secret, Source.PASTED)
    scene.person.edit((4, 4), (4, 4 + len(scene.secret)), "", Source.UNDO)


def pasted_and_replaced_in_one_message(scene):
    at, end = Position(4, 4), Position(4, 4 + len(scene.secret))
    scene.person.change([Change(scene.secret, Range(at, at)), Change("none", Range(at, end))])


def typed_undone_and_done_again(scene):
    scene.type(4, 4, scene.secret)
    end = (4, 4 + len(scene.secret))
    scene.person.edit((4, 4), end, "", Source.UNDO)
    scene.pause()
    scene.person.edit((4, 4), (4, 4), scene.secret, Source.REDO)
    scene.pause()
    scene.person.edit((4, 4), end, "", Source.UNDO)


def pasted_in_two_halves(scene):
    half = len(scene.secret) // 2
    scene.paste(4, 4, scene.secret[:half])
    scene.paste(4, 4 + half, scene.secret[half:])


def typed_from_the_middle(scene):
    half = len(scene.secret) // 2
    scene.type(5, 0, scene.secret[half:])
    scene.type(5, 0, scene.secret[:half])


def half_of_it_moved_to_another_line(scene):
    half = len(scene.secret) // 2
    scene.type(5, 0, scene.secret[:half])
    scene.person.edit((5, 0), (5, half), "")
    scene.pause()
    scene.paste(8, 4, scene.secret[:half])
    scene.type(8, 4 + half, scene.secret[half:])


def half_of_it_in_another_file(scene):
    half = len(scene.secret) // 2
    scene.type(5, 0, scene.secret[:half], scene.other)
    scene.paste(4, 4, scene.secret)


def broken_over_two_lines(scene):
    scene.person.edit((4, 4), (4, 4), scene.secret, Source.PASTED)
    scene.person.edit((4, 16), (4, 16), "\n")
    scene.pause()


def joined_from_two_lines(scene):
    half = len(scene.secret) // 2
    scene.paste(4, 0, f"{scene.secret[:half]}\n{scene.secret[half:]}\n")
    scene.person.edit((4, half), (5, 0), "")
    scene.pause()


def in_a_line_that_is_deleted(scene):
    scene.paste(4, 0, f"token = {scene.secret}\n")
    scene.person.edit((4, 0), (5, 0), "")


def there_when_the_file_was_opened(scene):
    secret = scene.sitting.person(f"token = '{scene.secret}'\n", "third.py")
    secret.edit((0, 9), (0, 9 + len(scene.secret) // 2), "")
    scene.sitting.write()
    secret.edit((0, 0), (1, 0), "")
    scene.sitting.write()


WAYS = [
    typed,
    typed_and_erased,
    pasted,
    pasted_and_erased_at_once,
    pasted_and_replaced_in_one_message,
    typed_undone_and_done_again,
    pasted_in_two_halves,
    typed_from_the_middle,
    half_of_it_moved_to_another_line,
    half_of_it_in_another_file,
    broken_over_two_lines,
    joined_from_two_lines,
    in_a_line_that_is_deleted,
    there_when_the_file_was_opened,
]


def traces(secret, rows):
    """The parts that can be had from rows: as they lie there, and by playing streams again."""
    streams = [row for row in rows if isinstance(row, Stream)]
    raw = [msgspec.json.encode(rows).decode(), *(row.events.decode() for row in streams)]
    seen = "\n".join([*raw, *texts_in(streams)])
    return [part for part in parts_of(secret) if part in seen]


def texts_in(streams):
    """The rows of every file after each of its events, and what was typed in one go."""
    documents = {}
    for row in sorted(streams, key=lambda row: row.first_seq):
        for _, _, event in events_of(row.events):
            if isinstance(event, Opened):
                documents[row.path] = Document(row.path, "", event.version, event.text, "utf-32")
                yield event.text
            for edit in getattr(event, "edits", ()):
                document, splice = documents[row.path], edit.splice
                document.replay(edit.version, splice)
                yield document.rows(splice.start_row, splice.new_end_row + 1)
    yield "".join(
        edit.splice.new_text
        for row in streams
        for _, _, event in events_of(row.events)
        for edit in getattr(event, "edits", ())
    )


def parts_of(secret):
    return [secret[at : at + 8] for at in range(len(secret) - 7)]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_part_of_a_secret_stays(way):
    for number in range(-(-COUNT // len(WAYS))):
        scene = Scene(random.Random(f"{way.__name__} {number}"))
        scene.type(2, 0, "# before\n")
        scene.sitting.write(after_s=1)
        way(scene)
        scene.sitting.write(after_s=1)
        scene.type(0, 0, "# after\n")
        scene.sitting.write(after_s=11)
        scene.sitting.close()
        assert not traces(scene.secret, scene.sitting.outside.rows), number


def test_a_part_that_was_written_before_is_looked_for_and_found():
    """Without purging this way of looking would find something."""
    scene = Scene(random.Random(1))
    scene.person.type(5, 0, scene.secret[:18])
    scene.sitting.write(after_s=3)
    assert not traces(scene.secret, scene.sitting.of(Snapshot))
    assert len(traces(scene.secret, scene.sitting.outside.rows)) == 18 - 7
    scene.person.type(5, 18, scene.secret[18:])
    scene.sitting.write()
    assert not traces(scene.secret, scene.sitting.outside.rows)
    assert scene.sitting.streams("shop/other.py")
    assert not [row for row in scene.sitting.streams("shop/basket.py") if b"Edited" in row.events]


def test_a_file_is_recorded_again_with_its_whole_text_once_it_is_clean():
    scene = Scene(random.Random(2))
    scene.person.edit((4, 4), (4, 4), scene.secret, Source.PASTED)
    scene.sitting.write()
    assert not scene.sitting.streams("shop/basket.py")
    scene.person.edit((4, 4), (4, 4 + len(scene.secret)), "")
    scene.sitting.write()
    scene.person.type(4, 4, "x")
    scene.sitting.write()
    [first, second] = scene.sitting.streams("shop/basket.py")
    assert msgspec.json.decode(first.events)[0][2]["text"] == TEXT
    assert b"Edited" in second.events


def test_what_was_recorded_before_the_secret_stays():
    scene = Scene(random.Random(3))
    person = scene.person
    person.answer(person.ask(4, 4))
    person.type(0, 0, "# fine\n")
    scene.sitting.write()
    person.edit((5, 4), (5, 4), scene.secret, Source.PASTED)
    scene.sitting.write()
    assert len(scene.sitting.streams("shop/basket.py")) == 1
    assert [row.id for row in scene.sitting.of(Snapshot)] == ["basket-1"]


def test_an_answer_to_a_question_with_half_a_secret_is_not_recorded():
    """The rest came before the answer, and all of it is gone again by then."""
    scene = Scene(random.Random(4))
    person, half = scene.person, scene.secret[:12]
    person.type(5, 0, half)
    asked = person.ask(5, 12)
    person.type(5, 12, scene.secret[12:])
    scene.sitting.write()
    person.edit((5, 0), (5, len(scene.secret)), "")
    scene.sitting.write()
    person.answer(asked)
    scene.sitting.write()
    assert scene.sitting.streams("shop/basket.py")
    assert not scene.sitting.of(Snapshot)


def test_a_wrong_finding_does_not_end_the_recording_of_other_files():
    """Words of a line that was taken for a secret may stand anywhere."""
    scene = Scene(random.Random(5))
    scene.person.edit((5, 0), (5, 0), "KEY_connection_is_not_a_secret_at_all", Source.PASTED)
    scene.sitting.write()
    scene.other.edit((5, 0), (5, 0), "connection is not a secret", Source.PASTED)
    scene.sitting.write()
    assert b"Edited" in scene.sitting.streams("shop/other.py")[-1].events
