"""Asking the person where predictions come from.

The server is asked what it has, so that a model is chosen from a list and a wrong address is found
before it is written down. Servers that listen on this machine at their usual ports are offered.
"""

import socket
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from zeta_lsp.core import formats
from zeta_lsp.core.address import is_loopback, is_plain_remote
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.errors import ModelError, UsageError
from zeta_lsp.setup.endpoint import EMBEDDED, Choice, check_url, check_variable
from zeta_lsp.setup.person import Person

T = TypeVar("T")
_LOCAL_S = 0.2
_SHOWN = 20


class Served(Protocol):
    """What an endpoint says about itself."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models it has; none if it does not say."""

    @property
    def server(self) -> str:
        """Which program it is; empty if unknown."""


Identify = Callable[[Endpoint], Served]
"""Asks an endpoint what it is. Raises ModelError and UsageError."""


class Source(msgspec.Struct, frozen=True):
    """A kind of answer. `url` is the usual address, `ports` where such servers listen."""

    title: str
    kind: str
    url: str = ""
    ports: tuple[int, ...] = ()
    needs_key: bool = False


SOURCES = (
    Source("the embedded model: no network, repeats edits you have made", EMBEDDED),
    Source(
        "an OpenAI-compatible server: vLLM, SGLang, LM Studio, a service",
        "openai",
        "http://127.0.0.1:8000/v1/completions",
        (8000, 30000, 1234),
    ),
    Source("Ollama", "ollama", "http://127.0.0.1:11434", (11434,)),
    Source("llama.cpp's server", "llamacpp", "http://127.0.0.1:8080", (8080,)),
    Source("Mercury, Inception's service", "mercury", needs_key=True),
)


def ask_endpoint(
    person: Person, identify: Identify, listens: Callable[[int], bool]
) -> Choice | None:
    """The endpoint that the person chooses; None to leave it as it is."""
    person.say("\nWhere do predictions come from?", "bold")
    heard = {source.kind: next(filter(listens, source.ports), None) for source in SOURCES}
    for number, source in enumerate(SOURCES, 1):
        port = heard[source.kind]
        remark = f" (something listens at port {port})" if port else ""
        person.say(f"  {number}  {source.title}{remark}")
    picked = _picked(person, "Number [Enter: leave as it is]:", SOURCES)
    return None if picked is None else _described(person, picked, heard[picked.kind], identify)


def _described(person: Person, source: Source, port: int | None, identify: Identify) -> Choice:
    """All about the endpoint that was picked."""
    if source.kind == EMBEDDED:
        return Choice(kind=EMBEDDED)
    usual = source.url if not port else _at_port(source.url, port)
    choice = _with_address(person, Choice(kind=source.kind), usual)
    if source.needs_key or not _is_here(choice.url):
        choice = _with_key(person, choice)
    return _with_model(person, choice, identify)


def listens_here(port: int) -> bool:
    """Whether something accepts connections at a port of this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_LOCAL_S):
            return True
    except OSError:
        return False


def _with_address(person: Person, choice: Choice, usual: str) -> Choice:
    if not usual:
        return choice
    while True:
        url = person.ask(f"Address [Enter: {usual}]:") or usual
        try:
            check_url(url)
        except UsageError as fault:
            person.say(str(fault), "yellow")
            continue
        if not is_plain_remote(url):
            return replace(choice, url="" if url == usual and choice.kind != "openai" else url)
        person.say("Without https, everybody on the way can read your code.", "yellow")
        if person.agrees("Send it all the same?"):
            return replace(choice, url=url, allow_plain_http=True)


def _with_key(person: Person, choice: Choice) -> Choice:
    person.say("A key is read from an environment variable; it is never written down.")
    while name := person.ask("Name of that variable [Enter: no key]:"):
        try:
            check_variable(name)
        except UsageError as fault:
            person.say(str(fault), "yellow")
            continue
        return replace(choice, api_key_env=name)
    return choice


def _with_model(person: Person, choice: Choice, identify: Identify) -> Choice:
    """Ask the server what it has; the person chooses where there is a choice."""
    try:
        served = identify(choice.endpoint())
    except (ModelError, UsageError) as fault:
        person.say(f"It does not answer as it should: {fault}", "yellow")
        return choice
    if served.server == "ollama" and choice.kind == "openai":
        person.say("This is Ollama: its own protocol is used, which leaves prompts alone.")
        origin = choice.url.split("/v1", 1)[0]
        choice = replace(choice, kind="ollama", url=origin)
    model = _chosen_model(person, served.models)
    return _with_format(person, replace(choice, model=model))


def _chosen_model(person: Person, models: tuple[str, ...]) -> str:
    if len(models) < 2:
        return models[0] if models else ""
    known = sorted(models, key=lambda name: formats.infer(name) is None)[:_SHOWN]
    person.say("It has several models:")
    for number, name in enumerate(known, 1):
        fitting = formats.infer(name)
        person.say(f"  {number}  {name}{f' (format {fitting})' if fitting else ''}")
    return _picked(person, f"Which one [Enter: {known[0]}]:", known) or known[0]


def _with_format(person: Person, choice: Choice) -> Choice:
    if choice.kind == "mercury" or formats.infer(choice.model) is not None:
        return choice
    known = formats.names()
    person.say(f"No prompt format is known for {choice.model or 'a model without a name'}.")
    person.say(f"There are: {', '.join(known)}")
    while name := person.ask("Format [Enter: leave it open]:"):
        if name in known:
            return replace(choice, format=name)
        person.say("There is no such format.", "yellow")
    return choice


def _picked(person: Person, question: str, choices: Sequence[T]) -> T | None:
    """What a number stands for; None after Enter."""
    while answer := person.ask(question):
        if answer.isascii() and answer.isdigit() and 0 < int(answer) <= len(choices):
            return choices[int(answer) - 1]
        person.say(f"A number from 1 to {len(choices)}, please.", "yellow")
    return None


def _at_port(url: str, port: int) -> str:
    head, _, rest = url.rpartition(":")
    path = rest.partition("/")[2]
    return f"{head}:{port}{f'/{path}' if path else ''}"


def _is_here(url: str) -> bool:
    """Whether an address is this machine's, as the usual ones are."""
    return not url or is_loopback(urlsplit(url).hostname or "")
