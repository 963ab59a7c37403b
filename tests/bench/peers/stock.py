"""The server that one would write first: pygls as it comes for text sync, httpx as it comes.

It has no history, syntax, guards or cache: 20 lines on each side of the cursor go to the endpoint,
the streamed answer is collected with `aiter_lines`, and becomes one inline completion. What it
costs is therefore the least that these two libraries cost. Run as
``python -m tests.bench.peers.stock URL``.
"""

import json
import logging
import sys

import httpx
from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

ROWS = 20


class Endpoint:
    """One client of httpx, kept."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.AsyncClient(timeout=10, trust_env=False)

    async def ask(self, prompt: str) -> str:
        """The text that the endpoint streams."""
        body = {"model": "m", "prompt": prompt, "stream": True, "max_tokens": 512}
        text = ""
        async with self._client.stream("POST", self._url, json=body) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    text += json.loads(line[6:])["choices"][0]["text"]
        return text


def prompt_at(lines: list[str], position: lsp.Position) -> str:
    """The lines around the cursor, as one block that may be rewritten."""
    row, col = position.line, position.character
    above, below = "".join(lines[max(0, row - ROWS) : row]), "".join(lines[row + 1 : row + ROWS])
    here = f"{lines[row][:col]}<|user_cursor|>{lines[row][col:]}"
    return f"<[fim-prefix]><|marker_1|>{above}{here}{below}<|marker_2|><[fim-middle]>"


def server_for(url: str) -> LanguageServer:
    """The server."""
    server = LanguageServer("stock", "1")
    endpoint = Endpoint(url)

    @server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
    async def complete(params: lsp.InlineCompletionParams) -> lsp.InlineCompletionList:
        document = server.workspace.get_text_document(params.text_document.uri)
        text = await endpoint.ask(prompt_at(list(document.lines), params.position))
        here = lsp.Range(params.position, params.position)
        return lsp.InlineCompletionList([lsp.InlineCompletionItem(text, range=here)])

    return server


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    server_for(sys.argv[1]).start_io()
