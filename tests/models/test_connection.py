"""What a connection holds while nobody reads, and how it ends."""

import asyncio

import pytest

from tests.models.raw_server import Client, RawServer
from zeta_lsp.models.connection import HELD_BYTES_MAX, Connection, connect

pytestmark = pytest.mark.anyio


class Socket(asyncio.Transport):
    """A transport that only remembers whether it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = True

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True


async def test_an_endpoint_that_pours_is_not_read_until_somebody_asks() -> None:
    connection, socket = Connection(), Socket()
    connection.connection_made(socket)
    connection.data_received(b"x" * HELD_BYTES_MAX)
    assert socket.is_read
    connection.data_received(b"y")
    assert not socket.is_read
    assert await connection.receive() == b"x" * HELD_BYTES_MAX + b"y"
    assert socket.is_read


async def test_what_arrived_before_the_end_is_given_out_first() -> None:
    async def script(client: Client) -> None:
        await client.send(b"last words")

    async with RawServer(script) as server:
        connection = await connect("127.0.0.1", server.port, None)
        assert connection.is_quiet
        received = b""
        while piece := await connection.receive():
            received += piece
        assert received == b"last words"
        assert not connection.is_quiet


async def test_a_connection_that_breaks_raises_for_the_reader() -> None:
    async def script(client: Client) -> None:
        client.reset()

    async with RawServer(script) as server:
        connection = await connect("127.0.0.1", server.port, None)
        with pytest.raises(ConnectionResetError):
            await connection.receive()


async def test_a_name_is_looked_up() -> None:
    async def script(client: Client) -> None:
        await client.send(b"hello")

    async with RawServer(script) as server:
        connection = await connect("localhost", server.port, None)
        assert await connection.receive() == b"hello"
        connection.abort()
