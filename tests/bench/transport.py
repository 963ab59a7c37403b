"""One streamed answer of 20 events over loopback: our transport, all of our client, stock httpx.

The endpoint (`tests.bench.endpoint`) runs in another process and answers at once, so what is timed
is the path. *hot* asks again and again, *paced* once every 20 ms, as typing does: caches are cold
then and everything takes two to three times as long. Run as ``python -m tests.bench.transport``.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import httpx

from tests.bench.floor import PROMPT
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.prompt import Prompt
from zeta_lsp.models.build import Models
from zeta_lsp.models.tls import Tls
from zeta_lsp.models.transport import LeanTransport

ROUNDS = 300
PACE_S = 0.02
BODY = json.dumps({"model": "m", "prompt": PROMPT + "x" * 6000, "stream": True}).encode()
HEADERS = {"content-type": "application/json"}
Ask = Callable[[], Awaitable[None]]


def main() -> None:
    """Print a median and a 99th percentile per way and pace."""
    command = [sys.executable, "-m", "tests.bench.endpoint"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as endpoint:
        assert endpoint.stdout is not None
        url = f"http://127.0.0.1:{int(endpoint.stdout.readline())}/v1/completions"
        try:
            asyncio.run(_compare(url))
        finally:
            endpoint.terminate()


async def _compare(url: str) -> None:
    transport = LeanTransport(httpx.URL(url), Tls())
    stock = httpx.AsyncClient(trust_env=False, timeout=10)
    model = Models().model(Endpoint(kind="openai", url=url, model="m"))
    prompt = Prompt("zeta2.1", PROMPT + "x" * 6000, (0, 0), (0, 0), max_tokens=64)

    async def lean() -> None:
        request = httpx.Request("POST", url, content=BODY, headers=HEADERS)
        response = await transport.handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        async for _ in response.stream:
            pass
        await response.aclose()

    async def whole() -> None:
        async for _ in model.stream(prompt):
            pass

    async def httpx_client() -> None:
        async with stock.stream("POST", url, content=BODY, headers=HEADERS) as response:
            async for _ in response.aiter_raw():
                pass

    async def httpx_lines() -> None:
        async with stock.stream("POST", url, content=BODY, headers=HEADERS) as response:
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    json.loads(line[6:])

    ways: dict[str, Ask] = {
        "our transport": lean,
        "our client, pieces parsed": whole,
        "httpx": httpx_client,
        "httpx, lines parsed": httpx_lines,
    }
    for pace_s in (0.0, PACE_S):
        for name, ask in ways.items():
            median, worst = await _timed(ask, pace_s)
            print(
                f"{'paced' if pace_s else 'hot':5}  {name:26}"
                f"  median {median:.3f} ms  p99 {worst:.3f} ms"
            )
    await stock.aclose()
    await transport.aclose()
    await model.aclose()


async def _timed(ask: Ask, pace_s: float) -> tuple[float, float]:
    """Median and 99th percentile of one way, in milliseconds."""
    for _ in range(10):
        await ask()
    times = []
    for _ in range(ROUNDS):
        await asyncio.sleep(pace_s)
        began = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


if __name__ == "__main__":
    main()
