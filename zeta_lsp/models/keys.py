"""API keys: where they come from, how they are held, and the one place they go to.

A key comes from an environment variable or from a program that the user names (a password
manager's, say). It is asked for at the first request, kept in memory, and asked for again after
the endpoint refused it. It is held in a `Secret`, which prints as almost nothing, and a `Key` gives
it out for one origin only.

The program runs without a shell, in ``/``, with an environment that holds what password managers
need to find their store and nothing that changes how programs load code.
"""

import asyncio
import contextlib
import os
import re
from collections.abc import Mapping, Sequence

from zeta_lsp.core.address import origin_of
from zeta_lsp.core.errors import ModelKeyMissing

COMMAND_TIMEOUT_S = 20.0
KEY_CHARS_MAX = 4096
SHOWN_CHARS = 4
SHOWN_FROM_CHARS = 16
_SENDABLE = re.compile(r"[!-~]+")
PASSED_ON = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "DISPLAY", "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "DBUS_SESSION_BUS_ADDRESS",
    "SSH_AUTH_SOCK", "GNUPGHOME", "PASSWORD_STORE_DIR",
)  # fmt: skip


class Secret:
    """A text that does not print. `reveal` is the only way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, to be sent and not kept."""
        return self._text

    def __repr__(self) -> str:
        shown = self._text[-SHOWN_CHARS:] if len(self._text) >= SHOWN_FROM_CHARS else ""
        return f"Secret(…{shown})"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


class Key:
    """The key of one origin, if it has one.

    Args:
        url: any URL of the origin it belongs to.
        env: name of the environment variable that holds it.
        command: program and arguments that print it.
        environ: the environment.
    """

    def __init__(
        self,
        url: str,
        env: str = "",
        command: Sequence[str] = (),
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._origin = origin_of(url)
        self._env = env
        self._command = tuple(command)
        self._environ = environ
        self._kept: Secret | None = None
        self._asking: asyncio.Task[Secret] | None = None

    async def for_url(self, url: str) -> Secret | None:
        """The key to send to a URL; None if there is none or the URL is of another origin.

        Raises:
            ModelKeyMissing: there should be a key but it could not be had.
        """
        if not (self._env or self._command) or origin_of(url) != self._origin:
            return None
        if self._kept is None:
            self._kept = await self._found()
        return self._kept

    def forget(self) -> None:
        """The endpoint refused the key: ask for it anew next time."""
        self._kept = None

    async def _found(self) -> Secret:
        if self._env:
            return _checked(self._environ.get(self._env, ""), f"${self._env}")
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._printed())
            self._asking.add_done_callback(_looked_at)
        # A request that is cancelled must not kill a password prompt the next one needs as well.
        return await asyncio.shield(self._asking)

    async def _printed(self) -> Secret:
        environ = {name: self._environ[name] for name in PASSED_ON if name in self._environ}
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env=environ,
                start_new_session=True,
            )
        except OSError as fault:
            raise ModelKeyMissing(f"api_key_command cannot be run: {fault.strerror}") from fault
        return _checked(await _output(process), "api_key_command")


def _looked_at(task: "asyncio.Task[Secret]") -> None:
    """Keep asyncio from complaining about a failure that nobody waited for any more."""
    if not task.cancelled():
        task.exception()


async def _output(process: asyncio.subprocess.Process) -> str:
    """What a program prints, once it has ended well."""
    try:
        async with asyncio.timeout(COMMAND_TIMEOUT_S):
            output, _ = await process.communicate()
    except TimeoutError as fault:
        raise ModelKeyMissing(
            f"api_key_command did not end within {COMMAND_TIMEOUT_S:g} s"
        ) from fault
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    if process.returncode:
        raise ModelKeyMissing(f"api_key_command failed with status {process.returncode}")
    return output.decode("utf-8", "replace")


def _checked(text: str, source: str) -> Secret:
    key = text.strip()
    if not key:
        raise ModelKeyMissing(f"{source} holds no key")
    if len(key) > KEY_CHARS_MAX or not _SENDABLE.fullmatch(key):
        raise ModelKeyMissing(f"{source} holds something that cannot be a key")
    return Secret(key)
