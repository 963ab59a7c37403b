"""What a client has to do, one scene each, played the same in every editor.

A scene is a function of a driver and a stage whose first line of documentation is what the table
calls it. It opens a file of its own, so that scenes of one editor may share its process. What
became of a prediction is read from the server's journal, what a person sees from the driver.
"""

from collections.abc import Callable
from pathlib import Path
from time import sleep as pause
from typing import NamedTuple

from tests.editors.driver import Driver, until
from tests.editors.stage import EVERYWHERE, Stage


class Scene(NamedTuple):
    """Something that a person does, and the prompt format that it takes."""

    play: Callable[[Driver, Stage], None]
    prompt_format: str = "zeta2.1"

    @property
    def title(self) -> str:
        """What the table calls it."""
        assert self.play.__doc__ is not None
        return self.play.__doc__


SHOP = """\
def gross(net, rate):
    tax = net * rate

    return net + tax


def refund(net, rate):
    tax = net * rate
    return -net - tax


def receipt(net, rate):
    total = gross(net, rate)
    return f"{net} + {rate} = {total}"
"""
GHOST_ROW, GHOST_COL = 2, 4
BEFORE = SHOP.replace("\n\n    return", "\n    \n    return", 1)
"""The shop with a line that a person goes on with: they type "check", the model knows the rest."""
TYPED, REST = "check", "(net, rate)"
RULE = ("    check\n", "    check(net, rate)\n")
VAT_BEFORE, VAT_AFTER = "def vat(net, rate):", "def vat(net, rate, country):"
VAT = f"{VAT_BEFORE}\n    tax = net * rate\n    return tax\n"
CART = "from vat import vat\n\n\ntotal = vat(1, 2)\n"
TWO_LINES = "(net, rate)\n    log(net, tax)"


def shop(driver: Driver, stage: Stage, name: str, text: str = BEFORE) -> Path:
    """Open a fresh copy of the shop."""
    stage.answers()
    path = stage.file(name, text)
    driver.open(path)
    return path


def proposed(driver: Driver, stage: Stage, name: str, text: str = BEFORE) -> Path:
    """A shop with ghost text on the screen."""
    path = shop(driver, stage, name, text)
    stage.answers(RULE)
    driver.place(GHOST_ROW, GHOST_COL)
    driver.type(TYPED)
    until(lambda: driver.ghost() == REST, "the ghost text")
    return path


def ending(stage: Stage, path: Path, *endings: str) -> None:
    """Wait until the journal's latest entry of a file says what became of it."""

    def latest() -> bool:
        of_file = [one for one in stage.journal() if one["path"].endswith(path.name)]
        return bool(of_file) and any(one["ending"] in endings for one in of_file[:3])

    until(latest, f"an ending among {endings} in {stage.journal()[:3]}")


def line(driver: Driver, row: int = GHOST_ROW) -> str:
    """One line of the buffer."""
    return driver.text().splitlines()[row]


def attaches(driver: Driver, stage: Stage) -> None:
    """attach"""
    path = shop(driver, stage, "attach.py")
    assert driver.text() == BEFORE
    assert driver.path() == path


def shows_ghost_text(driver: Driver, stage: Stage) -> None:
    """ghost text"""
    proposed(driver, stage, "ghost.py")
    assert line(driver) == f"    {TYPED}"  # it is drawn, not inserted


def shows_an_edit_elsewhere(driver: Driver, stage: Stage) -> None:
    """next edit elsewhere"""
    path = shop(driver, stage, "elsewhere.py")
    stage.answers(("    return net + tax", "    return net + tax + check"))
    driver.place(GHOST_ROW, GHOST_COL)
    driver.type("check = 1")
    shown = until(driver.diff, "the edit two rows below")
    assert "+ check" in shown.new
    assert driver.ghost() == ""
    driver.accept()
    until(lambda: line(driver, 3) == "    return net + tax + check", "the accepted edit")
    ending(stage, path, "accepted")


def jumps_to_another_file(driver: Driver, stage: Stage) -> None:
    """jump to another file"""
    definition = stage.file("vat.py", VAT)
    path = stage.file("cart.py", CART)
    driver.open(path)
    stage.answers((VAT_BEFORE, VAT_AFTER))
    driver.place(3, len("total = vat(1, 2"))
    driver.type(", 3")
    until(lambda: asked_until_hinted(driver), "the hint that the next edit is in vat.py")
    assert "vat.py" in driver.hint()
    driver.jump()
    until(lambda: driver.path() == definition, "the other file")
    assert until(driver.cursor)[0] == 0
    shown = until(lambda: driver.diff() or driver.ghost(), "the edit there")
    assert "country" in str(shown)
    driver.accept()
    until(lambda: driver.text() == VAT.replace(VAT_BEFORE, VAT_AFTER), "the accepted edit")
    ending(stage, definition, "accepted")


def asked_until_hinted(driver: Driver) -> bool:
    """Ask until the file with the definition is known: it is looked up while nobody types."""
    if driver.hint():
        return True
    driver.ask()
    pause(0.3)
    return bool(driver.hint())


def accepts(driver: Driver, stage: Stage) -> None:
    """accept"""
    path = proposed(driver, stage, "accept.py")
    driver.accept()
    until(lambda: line(driver) == f"    {TYPED}{REST}", "the accepted text")
    until(lambda: driver.cursor() == (GHOST_ROW, len(f"    {TYPED}{REST}")), "the cursor behind it")
    assert driver.text() == BEFORE.replace("    \n", f"    {TYPED}{REST}\n", 1)
    ending(stage, path, "accepted")


def accepts_a_word(driver: Driver, stage: Stage) -> None:
    """accept word"""
    proposed(driver, stage, "word.py")
    driver.accept_word()
    first = until(lambda: line(driver).removeprefix(f"    {TYPED}"), "the first word")
    assert first in ("(", "(net")  # editors with a notion of words of their own keep it
    until(lambda: driver.ghost() == REST.removeprefix(first), "the rest of it")
    driver.accept_word()
    until(lambda: line(driver).startswith(f"    {TYPED}(net"), "the second word")
    assert line(driver) != f"    {TYPED}{REST}"


def accepts_a_line(driver: Driver, stage: Stage) -> None:
    """accept line"""
    shop(driver, stage, "line.py")
    stage.answers(("    check\n", f"    check{TWO_LINES}\n"))
    driver.place(GHOST_ROW, GHOST_COL)
    driver.type(TYPED)
    until(lambda: "log(net, tax)" in driver.ghost(), "both lines")
    driver.accept_line()
    until(lambda: line(driver) == f"    {TYPED}{REST}", "the first line")
    assert "log(net, tax)" not in driver.text()


def types_through(driver: Driver, stage: Stage) -> None:
    """type through"""
    path = proposed(driver, stage, "through.py")
    asked = stage.asked
    driver.type("(net")
    until(lambda: driver.ghost() == ", rate)", "the rest of it")
    driver.type(", rate)")
    until(lambda: line(driver) == f"    {TYPED}{REST}", "the typed text")
    until(lambda: driver.ghost() == "", "nothing left")
    ending(stage, path, "typed_through")
    assert stage.asked <= asked + 1, "the model was asked for what was on the screen"


def rejects(driver: Driver, stage: Stage) -> None:
    """reject"""
    path = proposed(driver, stage, "reject.py")
    driver.reject()
    until(lambda: driver.ghost() == "", "nothing shown any more")
    assert line(driver) == f"    {TYPED}"
    ending(stage, path, "rejected")


def undo_restores(driver: Driver, stage: Stage) -> None:
    """undo after accept"""
    path = proposed(driver, stage, "undo.py")
    driver.save()
    before = path.read_bytes()
    driver.accept()
    until(lambda: line(driver) == f"    {TYPED}{REST}", "the accepted text")
    driver.undo()
    until(lambda: line(driver) == f"    {TYPED}", "the text before")
    driver.save()
    assert path.read_bytes() == before


def keeps_emoji_and_crlf(driver: Driver, stage: Stage) -> None:
    """emoji and CRLF"""
    text = BEFORE.replace("    \n", "    party = '🎉🎉'; \n", 1).replace("\n", "\r\n")
    path = shop(driver, stage, "party.py", text)
    stage.answers(("; check\n", "; check(net, rate)\n"))
    driver.place(GHOST_ROW, len("    party = '🎉🎉'; "))
    driver.type(TYPED)
    until(lambda: driver.ghost() == REST, "the ghost text behind an emoji")
    driver.accept()
    until(lambda: line(driver).endswith(f"; {TYPED}{REST}"), "the accepted text")
    driver.save()
    wanted = text.replace("; \r\n", f"; {TYPED}{REST}\r\n", 1)
    assert path.read_bytes().decode() == wanted


def toggles_capture(driver: Driver, stage: Stage) -> None:
    """capture toggle"""
    shop(driver, stage, "capture.py")
    assert not driver.recording()
    driver.capture(True)
    until(driver.recording, "the sign that the file is recorded")
    assert str(stage.project) in stage.run("capture", "status")
    driver.capture(False)
    until(lambda: not driver.recording(), "no such sign any more")


def says_why_nothing_is_shown(driver: Driver, stage: Stage) -> None:
    """reason shown"""
    path = stage.file("secrets.pem", "nothing to see\n")
    driver.open(path)
    driver.type("x")
    driver.ask()
    until(lambda: "excluded" in driver.reason().lower(), "the reason")


SCENES = (
    Scene(attaches),
    Scene(shows_ghost_text),
    Scene(shows_an_edit_elsewhere),
    Scene(accepts),
    Scene(accepts_a_word),
    Scene(accepts_a_line),
    Scene(types_through),
    Scene(rejects),
    Scene(undo_restores),
    Scene(keeps_emoji_and_crlf),
    Scene(toggles_capture),
    Scene(says_why_nothing_is_shown),
    Scene(jumps_to_another_file, EVERYWHERE),
)
