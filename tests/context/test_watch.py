"""Files that change outside the editor are reported by path."""

import queue
from pathlib import Path

from zeta_lsp.context.watch import FolderWatcher


def test_a_file_written_by_another_program_is_reported(tmp_path: Path) -> None:
    seen: queue.Queue[Path] = queue.Queue()
    watcher = FolderWatcher(seen.put)
    watcher.watch(tmp_path)
    try:
        (tmp_path / "a.py").write_text("x = 1\n")
        assert seen.get(timeout=10) == tmp_path / "a.py"
    finally:
        watcher.close()


def test_a_file_that_replaces_another_is_reported_under_its_new_name(tmp_path: Path) -> None:
    seen: queue.Queue[Path] = queue.Queue()
    (tmp_path / "new").write_text("x = 2\n")
    watcher = FolderWatcher(seen.put)
    watcher.watch(tmp_path)
    try:
        (tmp_path / "new").replace(tmp_path / "a.py")
        assert seen.get(timeout=10) == tmp_path / "a.py"
    finally:
        watcher.close()


def test_a_folder_that_is_not_there_disturbs_nobody(tmp_path: Path) -> None:
    watcher = FolderWatcher(lambda path: None)
    watcher.watch(tmp_path / "missing")
    watcher.close()
