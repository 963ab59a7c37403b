"""A picture of what an Emacs drew: what it sent to its terminal, sent to a visible one.

Needs Xvfb, xterm and ImageMagick's `import`.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

FONT = ("-fa", "DejaVu Sans Mono", "-fs", "12")
PLAIN = ("-b", "4", "+sb", "-bg", "#1d1f21", "-fg", "#e0e0e0")


def picture_of(drawn: bytes, size: tuple[int, int], path: Path) -> None:
    """Show what was drawn on a terminal of some columns and rows, and keep it as a PNG file."""
    screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24"]
    with (
        tempfile.NamedTemporaryFile() as recording,
        subprocess.Popen(screen, stdout=subprocess.PIPE, text=True) as display,
    ):
        recording.write(drawn)
        recording.flush()
        assert display.stdout is not None
        number = display.stdout.readline().strip()  # written once it can be used
        try:
            _take(Path(recording.name), size, f":{number}", path)
        finally:
            display.terminate()


def _take(recording: Path, size: tuple[int, int], display: str, path: Path) -> None:
    env = {**os.environ, "DISPLAY": display, "LANG": "C.UTF-8"}
    argv = ["xterm", *FONT, *PLAIN, "-geometry", f"{size[0]}x{size[1]}+0+0"]
    show = ["-e", "sh", "-c", f"stty -echo; cat {recording}; sleep 60"]
    with subprocess.Popen([*argv, *show], env=env) as terminal:
        time.sleep(1.5)  # a terminal does not say when it has drawn
        shot = ["import", "-window", "root", "-trim", "+repage", "-depth", "8"]
        subprocess.run([*shot, "-colors", "64", str(path)], env=env, check=True)
        terminal.terminate()
