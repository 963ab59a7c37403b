"""Keys: got when needed, sent to one origin, printed nowhere."""

import asyncio
import copy
import os
import pickle
import sys
from pathlib import Path

import pytest

from tests.models.asking import asking, collected, text_of
from tests.models.raw_server import RawServer, answered, replying, streamed
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import ModelError, ModelKeyMissing, ModelRefused
from zeta_lsp.models.keys import Key, Secret

pytestmark = pytest.mark.anyio
URL = "https://models.example.org/v1/completions"
CANARY = "sk-canary-0123456789abcdef"


def printing(code: str) -> tuple[str, ...]:
    """A command that runs Python code."""
    return (sys.executable, "-I", "-c", code)


@pytest.mark.parametrize("text", ["", "short", "fifteen-letters", CANARY, "k" * 4000])
def test_a_secret_shows_its_last_four_characters_at_most(text: str) -> None:
    shown = f"{Secret(text)!r} {Secret(text)} {[Secret(text)]}"
    assert len(text) < 5 or text[:-4] not in shown
    assert Secret(text).reveal() == text


def test_a_secret_is_not_pickled_or_copied_into_a_file() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(CANARY))
    with pytest.raises(TypeError):
        copy.deepcopy(Secret(CANARY))


async def test_a_key_comes_from_an_environment_variable() -> None:
    key = Key(URL, env="MY_KEY", environ={"MY_KEY": f" {CANARY}\n"})
    secret = await key.for_url(URL)
    assert secret is not None
    assert secret.reveal() == CANARY


async def test_a_key_comes_from_a_command() -> None:
    key = Key(URL, command=printing(f"print('{CANARY}')"))
    secret = await key.for_url(URL)
    assert secret is not None
    assert secret.reveal() == CANARY


async def test_the_command_runs_once_for_many_requests(tmp_path: Path) -> None:
    log = tmp_path / "log"
    key = Key(URL, command=printing(f"open({str(log)!r}, 'a').write('x'); print('k1')"))
    await asyncio.gather(*(key.for_url(URL) for _ in range(5)))
    await key.for_url(URL)
    assert log.read_text() == "x"


async def test_the_command_sees_no_shell_no_project_and_few_variables() -> None:
    code = "import os, sys; print(os.getcwd() + '|' + sys.argv[1] + '|' + ','.join(os.environ))"
    environ = {"HOME": "/h", "PATH": "/bin", "LD_PRELOAD": "x", "PYTHONPATH": "x", "SECRET": "x"}
    key = Key(URL, command=(*printing(code), "$HOME;*"), environ=environ)
    secret = await key.for_url(URL)
    assert secret is not None
    folder, argument, variables = secret.reveal().split("|")
    assert (folder, argument) == ("/", "$HOME;*")
    set_by_python = {"LC_CTYPE"}
    assert set(variables.split(",")) - set_by_python == {"HOME", "PATH"}


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (Key(URL, env="UNSET", environ={}), r"\$UNSET holds no key"),
        (Key(URL, env="BLANK", environ={"BLANK": "  "}), "holds no key"),
        (Key(URL, env="BAD", environ={"BAD": "a\r\nX-Evil: 1"}), "cannot be a key"),
        (Key(URL, env="BAD", environ={"BAD": "schlüssel"}), "cannot be a key"),
        (Key(URL, command=("/no/such/program",)), "cannot be run"),
        (Key(URL, command=printing("print('canary'); raise SystemExit(3)")), "status 3"),
        (Key(URL, command=printing("")), "holds no key"),
    ],
)
async def test_a_key_that_cannot_be_had_is_said_in_words(key: Key, message: str) -> None:
    with pytest.raises(ModelKeyMissing, match=message) as caught:
        await key.for_url(URL)
    assert "canary" not in str(caught.value)


async def test_a_request_that_gives_up_leaves_the_command_running(tmp_path: Path) -> None:
    gate, log = tmp_path / "gate", tmp_path / "log"
    os.mkfifo(gate)
    code = f"open({str(log)!r}, 'a').write('x'); open({str(gate)!r}).read(); print('{CANARY}')"
    key = Key(URL, command=printing(code))
    impatient = asyncio.create_task(key.for_url(URL))
    opened = await asyncio.to_thread(gate.open, "w")  # the command has begun, and waits
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    patient = asyncio.create_task(key.for_url(URL))
    opened.close()
    secret = await patient
    assert secret is not None
    assert (secret.reveal(), log.read_text()) == (CANARY, "x")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://models.example.org:443/v1/models", True),
        ("https://MODELS.example.org/x", True),
        ("http://models.example.org/v1/completions", False),
        ("https://models.example.org:8443/v1/completions", False),
        ("https://models.example.org.evil.example/v1/completions", False),
        ("https://evil.example/?models.example.org", False),
        ("https://example.org/v1/completions", False),
    ],
)
async def test_a_key_goes_to_its_scheme_host_and_port_only(other: str, same: bool) -> None:
    key = Key(URL, env="MY_KEY", environ={"MY_KEY": CANARY})
    assert (await key.for_url(other) is not None) is same


async def test_an_endpoint_does_not_print_its_headers() -> None:
    assert CANARY not in repr(Endpoint(headers={"x-api-key": CANARY}, extra_body={"k": CANARY}))


async def test_without_a_source_there_is_no_key() -> None:
    assert await Key(URL).for_url(URL) is None


async def test_a_key_is_sent_as_a_bearer_and_a_redirect_does_not_see_it() -> None:
    async with RawServer(replying(streamed("stolen"))) as thief:
        redirect = answered("308 Permanent Redirect", f"location: {thief.url}")
        async with RawServer(replying(streamed("x"), redirect)) as server:
            key = Key(server.url, env="MY_KEY", environ={"MY_KEY": CANARY})
            async with asking(server.url, key=key) as model:
                assert await text_of(model) == "x"
                with pytest.raises(ModelRefused, match="redirects"):
                    await collected(model)
    assert server.requests[0].header("authorization") == f"Bearer {CANARY}"
    assert thief.connections == 0


async def test_a_key_that_was_refused_is_asked_for_again(tmp_path: Path) -> None:
    count = tmp_path / "count"
    code = (
        f"p = __import__('pathlib').Path({str(count)!r}); "
        "p.write_text(p.read_text() + 'x' if p.exists() else 'x'); print(f'key-{p.read_text()}')"
    )
    replies = (answered("401 Unauthorized"), streamed("fine"))
    async with RawServer(replying(*replies)) as server:
        key = Key(server.url, command=printing(code))
        async with asking(server.url, key=key, total_s=5) as model:
            with pytest.raises(ModelRefused, match="api_key_env"):
                await collected(model)
            assert await text_of(model) == "fine"
    sent = [request.header("authorization") for request in server.requests]
    assert sent == ["Bearer key-x", "Bearer key-xx"]


async def test_no_error_repeats_the_key_the_prompt_or_what_the_endpoint_wrote() -> None:
    said = f'{{"error":{{"message":"{CANARY} def add","type":"bad_request"}}}}'.encode()
    reply = answered("400 Bad Request", "content-type: application/json", body=said)
    async with RawServer(replying(reply)) as server:
        key = Key(server.url, env="MY_KEY", environ={"MY_KEY": CANARY})
        async with asking(server.url, key=key) as model:
            with pytest.raises(ModelError) as caught:
                await collected(model)
    fault: BaseException | None = caught.value
    assert "bad_request" in str(fault)
    while fault is not None:
        assert CANARY not in repr(fault)
        assert "def add" not in repr(fault)
        fault = fault.__cause__ or fault.__context__


async def test_a_header_that_would_split_the_request_is_not_sent() -> None:
    headers = {"x-note": "a\r\nx-evil: 1"}
    async with (
        RawServer(replying(streamed("x"))) as server,
        asking(server.url, headers=headers) as model,
    ):
        with pytest.raises(ModelError):
            await collected(model)
    assert server.requests == []
