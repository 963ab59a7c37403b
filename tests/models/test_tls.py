"""Encrypted endpoints, good and bad."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from tests.models.asking import asking, collected, text_of
from tests.models.raw_server import Client, RawServer, replying, streamed
from zeta_lsp.core.errors import ModelError, ModelUnreachable
from zeta_lsp.models.tls import Tls

pytestmark = pytest.mark.anyio
YESTERDAY = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def server_context(cert: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    return context


@asynccontextmanager
async def serving(cert: trustme.LeafCert) -> AsyncIterator[RawServer]:
    async with RawServer(replying(streamed("x")), tls=server_context(cert)) as server:
        yield server


async def test_an_endpoint_with_a_good_certificate_is_asked(
    authority: trustme.CA, ca_file: str
) -> None:
    async with serving(authority.issue_cert("127.0.0.1")) as server:
        async with asking(server.url, tls=Tls(ca_file), total_s=5) as model:
            assert await text_of(model) == "x"
            assert await text_of(model) == "x"
        assert server.connections == 1


async def test_cancelling_over_tls_closes_the_connection(
    authority: trustme.CA, ca_file: str
) -> None:
    async def script(client: Client) -> None:
        await client.request()
        await client.send(streamed("x", "y")[:-40])
        await client.gone()

    context = server_context(authority.issue_cert("127.0.0.1"))
    async with (
        RawServer(script, tls=context) as server,
        asking(server.url, tls=Tls(ca_file), total_s=0.3) as model,
    ):
        with pytest.raises(ModelError):
            await collected(model)
        await server.until(lambda it: it.closed_by_client == 1)


async def test_an_authority_that_is_not_trusted_is_refused(authority: trustme.CA) -> None:
    async with serving(authority.issue_cert("127.0.0.1")) as server:
        async with asking(server.url, total_s=5) as model:
            with pytest.raises(ModelUnreachable, match="certificate is not accepted"):
                await collected(model)
        assert server.requests == []


async def test_an_expired_certificate_is_refused_in_words(
    authority: trustme.CA, ca_file: str
) -> None:
    cert = authority.issue_cert("127.0.0.1", not_after=YESTERDAY)
    async with serving(cert) as server, asking(server.url, tls=Tls(ca_file), total_s=5) as model:
        with pytest.raises(ModelUnreachable, match="expired"):
            await collected(model)


async def test_a_certificate_for_another_host_is_refused_in_words(
    authority: trustme.CA, ca_file: str
) -> None:
    cert = authority.issue_cert("models.example.org")
    async with serving(cert) as server, asking(server.url, tls=Tls(ca_file), total_s=5) as model:
        with pytest.raises(ModelUnreachable, match=r"127\.0\.0\.1"):
            await collected(model)


@pytest.mark.parametrize(
    "junk",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x16\x03\x01\x00\x05junk!", b"SSH-2.0-x\r\n", b""],
    ids=["plain HTTP", "a broken handshake", "SSH", "silence, then closing"],
)
async def test_an_endpoint_that_does_not_speak_tls_is_refused(junk: bytes, ca_file: str) -> None:
    async def script(client: Client) -> None:
        await client.reader.read(10)
        await client.send(junk)

    async with RawServer(script) as server:
        url = server.url.replace("http:", "https:")
        async with asking(url, tls=Tls(ca_file), total_s=5) as model:
            with pytest.raises(ModelUnreachable):
                await collected(model)


async def test_a_handshake_that_stalls_ends_with_the_deadline(ca_file: str) -> None:
    async def script(client: Client) -> None:
        await client.gone()

    async with RawServer(script) as server:
        url = server.url.replace("http:", "https:")
        async with asking(url, tls=Tls(ca_file)) as model:
            with pytest.raises(ModelError):
                await collected(model)


async def test_a_connection_that_nobody_waits_for_any_more_serves_the_next_request(
    authority: trustme.CA, ca_file: str
) -> None:
    connecting, may_connect, attempts = asyncio.Event(), asyncio.Event(), 0

    async def tls() -> ssl.SSLContext:
        nonlocal attempts
        attempts += 1
        connecting.set()
        await may_connect.wait()
        return await Tls(ca_file)()

    async with serving(authority.issue_cert("127.0.0.1")) as server:
        async with asking(server.url, tls=tls, total_s=5) as model:
            impatient = asyncio.create_task(collected(model))
            await connecting.wait()
            impatient.cancel()
            with pytest.raises(asyncio.CancelledError):
                await impatient
            may_connect.set()
            assert await text_of(model) == "x"
        assert (attempts, server.connections) == (1, 1)


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_ca_file_that_cannot_be_used_is_said_in_words(
    content: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    async with asking("https://127.0.0.1:1/v1/completions", tls=Tls(str(path))) as model:
        with pytest.raises(ModelUnreachable, match="certificate authorities"):
            await collected(model)


async def test_nothing_older_than_tls_1_2_is_spoken(ca_file: str) -> None:
    context = await Tls(ca_file)()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert await Tls()() is not context
