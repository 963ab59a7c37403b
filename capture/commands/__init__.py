"""`zeta-lsp capture …`: consent to being recorded, and see, export and delete what was.

`main` is everything behind it. Each command is a module; what one does not need, it does not
import. Exit status: 0, 1 (it failed; one line on stderr says why), 2 (wrong use).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from zeta_lsp.core.errors import UsageError, ZetaError


def main(
    argv: Sequence[str],
    data_dir: Path,
    *,
    enabled: bool,
    settings_globs: tuple[str, ...],
    version: str,
) -> int:
    """Run a command and return the exit status.

    `enabled` and `settings_globs` are the user's settings: whether capture is allowed at all, and
    which files are excluded. Raises SystemExit as argparse does.
    """
    try:
        status = _run(argv, data_dir, enabled, settings_globs, version)
        sys.stdout.flush()
    except UsageError as fault:
        return _complain(fault, 2)
    except ZetaError as fault:
        return _complain(fault, 1)
    return status


def _run(
    argv: Sequence[str], data_dir: Path, enabled: bool, globs: tuple[str, ...], version: str
) -> int:
    import time

    from capture.commands.arguments import parse
    from capture.folder import capture_folder

    options = parse(argv, time.time)
    folder = capture_folder(data_dir)
    match options.verb:
        case "on" | "off":
            from capture.commands.consenting import run_off, run_on

            if options.verb == "off":
                return run_off(options, folder)
            return run_on(options, folder, enabled=enabled, excluded=globs, version=version)
        case "status":
            from capture.commands.status import run_status

            return run_status(options, folder, enabled=enabled)
        case "show":
            from capture.commands.showing import run_show

            return run_show(options, folder)
        case "forget":
            from capture.commands.forgetting import run_forget

            return run_forget(options, folder)
        case "export":
            from capture.commands.exporting import run_export

            return run_export(options, folder)
    sys.stdout.write(f"{folder}\n")
    return 0


def _complain(fault: Exception, status: int) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"zeta-lsp capture: {fault}\n")
    return status
