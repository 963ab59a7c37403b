"""Reads what programs draw through the desktop's accessibility, as a screen reader does.

Run by the system's own Python, which has the library for it (Debian's python3-gi and
gir1.2-atspi-2.0); takes requests as lines and answers each with a line of JSON. `bus` gives the
address at which programs enter themselves when they start; `tree` lists what is shown.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

DEPTH = 40
CHILDREN = 200
MENUS = ("LSP Client", "Code Action")
"""Menus whose popups are looked for. Such a popup hangs below its entry, open or not."""


def shown(item):
    return item.get_state_set().contains(Atspi.StateType.SHOWING)


def walk(item, depth=0):
    """Everything below an object that is shown, parents first."""
    if depth < 2 or shown(item):
        yield item
    elif item.get_name() not in MENUS and item.get_role() != Atspi.Role.POPUP_MENU:
        return
    for index in range(min(item.get_child_count(), CHILDREN) if depth < DEPTH else 0):
        child = item.get_child_at_index(index)
        if child is not None:
            yield from walk(child, depth + 1)


def described(item):
    text = ""
    if "Text" in item.get_interfaces():
        text = Atspi.Text.get_text(item, 0, Atspi.Text.get_character_count(item))
    return {
        "role": item.get_role_name(),
        "name": item.get_name(),
        "text": text,
        "middle": middle(item),
    }


def middle(item):
    """Where to click on it, from the screen's corner."""
    if "Component" not in item.get_interfaces():
        return None
    at = Atspi.Component.get_extents(item, Atspi.CoordType.SCREEN)
    return at.x + at.width // 2, at.y + at.height // 2


def tree():
    while GLib.MainContext.default().iteration(False):
        pass  # what has changed is heard of here
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    programs = [desktop.get_child_at_index(at) for at in range(desktop.get_child_count())]
    return [described(item) for program in programs if program for item in walk(program)]


def bus():
    """The address of the accessibility bus, once its registry answers."""
    Atspi.get_desktop(0).get_child_count()
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    name, path = "org.a11y.Bus", "/org/a11y/bus"
    wait_ms, plain = 10_000, Gio.DBusCallFlags.NONE
    found = session.call_sync(name, path, name, "GetAddress", None, None, plain, wait_ms)
    return found.unpack()[0]


def main():
    Atspi.set_timeout(2000, 5000)
    for line in sys.stdin:
        try:
            answer = tree() if line.strip() == "tree" else bus()
        except Exception as fault:  # noqa: BLE001 - what is shown changes while it is read
            answer = {"fault": str(fault)}
        print(json.dumps(answer), flush=True)


main()
