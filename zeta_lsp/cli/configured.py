"""The checks that need no network: settings, address, key."""

import shutil
from collections.abc import Mapping

from zeta_lsp.cli.advice import address_advice
from zeta_lsp.cli.checks import Check, Status
from zeta_lsp.cli.sources import Sources
from zeta_lsp.core.address import is_plain_remote
from zeta_lsp.core.endpoint import Endpoint
from zeta_lsp.core.layers import Problem


def settings_check(sources: Sources, problems: tuple[Problem, ...]) -> Check:
    """Whether everything in the settings counts."""
    path = sources.user_file
    if problems:
        detail = "; ".join(map(str, problems))
        return Check("settings", Status.WARN, detail, "correct or remove what has no effect")
    state = "" if path.exists() else " (none yet: built-in settings)"
    return Check("settings", Status.OK, f"{path}{state}")


def endpoint_check(
    endpoint: Endpoint, url: str, sources: Sources, problems: tuple[Problem, ...]
) -> Check:
    """Whether an endpoint is set, and its address looks like one that completes text."""
    if endpoint.kind == "repeat":
        fault = next((each for each in problems if each.key.startswith("endpoint")), None)
        if fault is not None:
            return Check("endpoint", Status.FAIL, str(fault), "correct the endpoint")
        advice = f"set [endpoint] url in {sources.user_file}, or try one with --url"
        return Check("endpoint", Status.OK, "none: the embedded model answers", advice)
    advice = address_advice(endpoint)
    status = Status.WARN if advice else Status.OK
    return Check("endpoint", status, f"{endpoint.kind} at {url.partition('?')[0]}", advice)


def key_check(endpoint: Endpoint, url: str, variables: Mapping[str, str]) -> Check:
    """Whether a key can be had, and is not read by others on the way."""
    variable, command = endpoint.api_key_env, endpoint.api_key_command
    if variable:
        if not variables.get(variable):
            advice = f"set it where the editor starts: export {variable}=…"
            return Check("key", Status.FAIL, f"${variable} is not set", advice)
        return _on_the_way(f"from ${variable}", url)
    if command:
        if shutil.which(command[0]) is None:
            detail = f"there is no program {command[0]}"
            return Check("key", Status.FAIL, detail, "correct api_key_command")
        return _on_the_way(f"from {command[0]}", url)
    return Check("key", Status.OK, "none is sent")


def _on_the_way(source: str, url: str) -> Check:
    if is_plain_remote(url):
        return Check("key", Status.WARN, f"{source}, sent unencrypted", "use https://")
    return Check("key", Status.OK, source)
