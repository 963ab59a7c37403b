"""From settings' endpoints to predictors."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.models.raw_server import RawServer, answered, replying, streamed
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import ModelPaused, ModelRefused, ModelUnknown, UsageError
from zeta_lsp.core.ports import Reply
from zeta_lsp.core.prompt import PromptInput
from zeta_lsp.models import probe
from zeta_lsp.models.breaker import FAILURES
from zeta_lsp.models.build import LatePredictor, Models, predictor_for
from zeta_lsp.models.predictor import EndpointPredictor

GIVEN = PromptInput("p/a.py", "def add(a, b):\n    return a - b\n", 30, excerpt_start_row=0)
URL = "http://127.0.0.1:1/v1/completions"


def of(endpoint: Endpoint) -> EndpointPredictor:
    """The predictor for an endpoint whose format is known beforehand."""
    predictor = predictor_for(endpoint)
    assert isinstance(predictor, EndpointPredictor)
    return predictor


@pytest.mark.parametrize(
    ("kind", "model", "chosen", "expected"),
    [
        ("openai", "zed-industries/zeta-2.1", "auto", "zeta2.1"),
        ("openai", "anything", "zeta2", "zeta2"),
        ("ollama", "zeta2:latest", "auto", "zeta2"),
        ("llamacpp", "zeta-2-q4.gguf", "auto", "zeta2"),
        ("mercury", "", "auto", "mercury"),
        ("mercury", "mercury-coder", "auto", "mercury"),
    ],
)
def test_the_format_is_the_chosen_one_or_fits_the_models_name(
    kind: str, model: str, chosen: str, expected: str
) -> None:
    endpoint = Endpoint(kind=kind, url=URL, model=model, format=chosen)
    assert of(endpoint).format.name == expected


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        (Endpoint(kind="openai", model="zeta2"), "needs a url"),
        (Endpoint(kind="unheard-of", url=URL), "unheard-of"),
        (Endpoint(kind="openai", url=URL, model="zeta2", format="zeta99"), "zeta99"),
        (Endpoint(kind="openai", url=URL, model="gpt-oss"), "set format"),
        (Endpoint(kind="openai", url="http://10.0.0.5:8000", model="zeta2"), "allow_plain_http"),
        (Endpoint(kind="openai", url="http://localhost.evil.example", model="zeta2"), "https"),
    ],
)
def test_an_endpoint_that_cannot_be_used_says_what_to_change(
    endpoint: Endpoint, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        predictor_for(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        Endpoint(kind="openai", url="http://localhost:8000", model="zeta2"),
        Endpoint(kind="openai", url="http://[::1]:8000/v1", model="zeta2"),
        Endpoint(kind="openai", url="http://127.9.9.9", model="zeta2"),
        Endpoint(kind="openai", url="https://models.example.org", model="zeta2"),
        Endpoint(kind="openai", url="http://gpu:8000", model="zeta2", allow_plain_http=True),
        Endpoint(kind="ollama", model="zeta2"),
        Endpoint(kind="llamacpp", model="zeta2"),
    ],
    ids=lambda endpoint: endpoint.url or endpoint.kind,
)
def test_loopback_encryption_or_consent_make_an_address_acceptable(endpoint: Endpoint) -> None:
    assert of(endpoint).name == "zeta2"


def test_importing_the_room_does_not_import_an_http_client() -> None:
    code = "import sys, zeta_lsp.models; sys.exit('httpx' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)


async def answers(predictor: EndpointPredictor | LatePredictor) -> list[Reply]:
    return [reply async for reply in predictor.predict(GIVEN)]


@pytest.mark.anyio
async def test_an_endpoint_with_one_model_tells_name_and_format() -> None:
    listing = answered("200 OK", body=b'{"data":[{"id":"org/zeta-2"}]}')
    answer = streamed("def add(a, b):\n    return a + b\n", ">>>>>>> UPDATED\n")
    async with RawServer(replying(listing, answer)) as server:
        predictor = predictor_for(Endpoint(kind="openai", url=server.url))
        assert isinstance(predictor, LatePredictor)
        for _ in range(2):
            *_, whole = await answers(predictor)
            assert whole.model == predictor.name == "org/zeta-2"
            assert whole.prompt is not None
            assert whole.prompt.format == "zeta2"
            assert "a + b" in whole.answer.replacements[0].text
        await predictor.aclose()
    assert len(server.requests) == 3


@pytest.mark.anyio
async def test_a_model_no_format_is_known_for_is_not_asked() -> None:
    listing = answered("200 OK", body=b'{"data":[{"id":"gpt-oss"}]}')
    async with RawServer(replying(listing)) as server:
        predictor = predictor_for(Endpoint(kind="openai", url=server.url))
        assert isinstance(predictor, LatePredictor)
        with pytest.raises(ModelUnknown, match="gpt-oss"):
            await answers(predictor)
        await predictor.aclose()


@pytest.mark.anyio
async def test_endpoints_of_one_origin_share_a_breaker() -> None:
    models = Models()
    async with RawServer(replying(answered("500 No"))) as server:
        first = models.model(Endpoint(kind="openai", url=server.url, model="a"))
        second = models.model(Endpoint(kind="llamacpp", url=server.url, model="b"))
        for _ in range(FAILURES):
            with pytest.raises(ModelRefused):
                await first.names()
        with pytest.raises(ModelPaused):
            await second.names()
        await first.aclose()
        await second.aclose()


@pytest.mark.anyio
async def test_keys_come_from_the_environment_that_was_handed_in() -> None:
    models = Models({"MY_KEY": "key-1"})
    async with RawServer(replying(answered("200 OK", body=b'{"data":[]}'))) as server:
        endpoint = Endpoint(kind="openai", url=server.url, model="a", api_key_env="MY_KEY")
        model = models.model(endpoint)
        assert await model.names() == ()
        await model.aclose()
    assert server.requests[0].header("authorization") == "Bearer key-1"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "listing", "expected"),
    [
        (
            "openai",
            b'{"data":[{"id":"a","owned_by":"vllm","max_model_len":4096},{"id":"b"}]}',
            probe.Served(("a", "b"), "vllm", 4096),
        ),
        (
            "openai",
            b'{"data":[{"id":"a","owned_by":"llamacpp","meta":{"n_ctx":8192,"n_vocab":1}}]}',
            probe.Served(("a",), "llama.cpp", 8192),
        ),
        ("openai", b'{"data":[{"id":"a","owned_by":"me"}]}', probe.Served(("a",))),
        ("openai", b'{"data":[]}', probe.Served(())),
        ("ollama", b'{"models":[{"name":"z:1"}]}', probe.Served(("z:1",), "ollama")),
    ],
)
async def test_a_probe_reads_what_a_server_says_about_itself(
    kind: str, listing: bytes, expected: probe.Served
) -> None:
    async with RawServer(replying(answered("200 OK", body=listing))) as server:
        url = server.url.removesuffix("/v1/completions")
        assert await probe.identify(Endpoint(kind=kind, url=url)) == expected
