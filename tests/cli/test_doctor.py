import json
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.cli.command import environment, run
from tests.cli.endpoints import (
    FakeEndpoint,
    as_json,
    good_answers,
    llama_cpp,
    missing,
    ollama,
    vllm,
    web_page,
)

ZETA = "zed-industries/zeta-2"


def prose(_: str) -> str:
    """What a chat model says."""
    return "Sure! Here is how I would change the code.\n"


def echo_region(answer: Callable[[str], str]) -> Callable[[str], str]:
    """A model that proposes for every prompt what is right for the last one: nothing."""
    from zeta_lsp.cli.selftest import SELF_TESTS, prompt_input
    from zeta_lsp.core import formats

    chosen = formats.named("zeta2")
    assert chosen is not None
    targets = {}
    for test in SELF_TESTS:
        given = prompt_input(test)
        prompt = chosen.render(given)
        assert prompt is not None
        targets[prompt.text] = chosen.target(given, prompt, None)
    return lambda prompt: targets.get(prompt) or answer(prompt)


class Examined:
    """What doctor said, as JSON."""

    def __init__(self, home: Path, *arguments: str, **variables: str) -> None:
        outcome = run(home, "doctor", "--json", *arguments, **variables)
        self.status = outcome.status
        self.report: dict[str, Any] = json.loads(outcome.out)
        failure = f"zeta-lsp: {self.report['summary']}\n"
        assert outcome.err == ("" if self.report["ok"] else failure)
        self.checks = {check["name"]: check for check in self.report["checks"]}
        assert self.report["ok"] == (self.status == 0)

    def said(self, name: str) -> tuple[str, str]:
        """Status and advice of a check."""
        return self.checks[name]["status"], self.checks[name].get("advice", "")

    def ended_with(self) -> str:
        """The check that ended the examination."""
        last = self.report["checks"][-1]
        assert last["status"] == "fail"
        return str(last["name"])


@pytest.mark.parametrize(
    ("make", "model", "path", "kind"),
    [
        (vllm, ZETA, "", "openai"),
        (vllm, ZETA, "/v1", "openai"),
        (vllm, ZETA, "/v1/completions", "openai"),
        (llama_cpp, "/models/zeta-2-Q4_K_M.gguf", "", "llamacpp"),
        (ollama, "zeta-2:latest", "", "ollama"),
    ],
)
def test_a_good_endpoint_is_ready(
    tmp_path: Path, make: Any, model: str, path: str, kind: str
) -> None:
    with make(model, good_answers("zeta2")) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.origin + path, "--kind", kind)
    assert {check["status"] for check in examined.report["checks"]} == {"ok"}
    assert (examined.report["model"], examined.report["format"]) == (model, "zeta2")
    assert examined.report["latency_ms"]["budget_ms"] == 300
    assert examined.report["summary"].startswith(f"ready: {model} as zeta2, ")


def test_people_see_one_line_for_each_check_and_a_verdict(tmp_path: Path) -> None:
    with vllm(ZETA, good_answers("zeta2")) as endpoint:
        outcome = run(tmp_path, "doctor", "--url", endpoint.url)
    lines = outcome.out.splitlines()
    assert outcome.err == ""
    assert "\x1b" not in outcome.out
    assert [line for line in lines if line.startswith("ok  format") and "zeta2" in line]
    assert lines[-1].startswith("ready: ")


def test_without_an_endpoint_the_embedded_model_is_ready(tmp_path: Path) -> None:
    examined = Examined(tmp_path)
    assert examined.status == 0
    assert "--url" in examined.said("endpoint")[1]
    assert examined.report["summary"].startswith("ready: the embedded model")


def test_an_address_that_is_none_is_not_asked(tmp_path: Path) -> None:
    examined = Examined(tmp_path, "--url", "127.0.0.1:8000")
    assert examined.ended_with() == "endpoint"
    assert "http://" in examined.checks["endpoint"]["detail"]


def test_what_is_wrong_in_the_settings_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[predict]\nmode = "sometimes"\n')
    (tmp_path / "config.toml").chmod(0o600)
    examined = Examined(tmp_path)
    assert examined.report["checks"][0]["status"] == "warn"
    assert "predict.mode" in examined.report["checks"][0]["detail"]


def test_where_nothing_listens_a_server_must_be_started(tmp_path: Path) -> None:
    with vllm(ZETA, prose) as endpoint:
        url = endpoint.url
    examined = Examined(tmp_path, "--url", url)
    assert examined.ended_with() == "connection"
    assert "start the server" in examined.said("connection")[1]


def test_a_host_that_does_not_exist_is_named(tmp_path: Path) -> None:
    examined = Examined(tmp_path, "--url", "https://nobody.invalid/v1/completions")
    assert examined.ended_with() == "host"
    assert "nobody.invalid" in examined.checks["host"]["detail"]


def test_a_web_page_is_no_endpoint(tmp_path: Path) -> None:
    with FakeEndpoint({"*": web_page}) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url)
    assert examined.ended_with() == "models"
    assert "correct the url" in examined.said("models")[1]


def test_a_chat_address_is_recognised(tmp_path: Path) -> None:
    chat = "/v1/chat/completions"
    with vllm(ZETA, prose) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.origin + chat)
    status, advice = examined.said("endpoint")
    assert status == "warn"
    assert advice.endswith("end it with /v1/completions")


def test_a_server_that_only_chats_cannot_be_used(tmp_path: Path) -> None:
    with vllm(ZETA, prose) as endpoint:
        endpoint.routes["/v1/completions"] = missing
        examined = Examined(tmp_path, "--url", endpoint.url)
    assert examined.ended_with() == "request"
    assert "only chats" in examined.said("request")[1]


def test_ollama_under_the_common_protocol_is_recognised(tmp_path: Path) -> None:
    with vllm("zeta-2:latest", good_answers("zeta2"), owner="library") as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url)
    status, advice = examined.said("models")
    assert status == "warn"
    assert 'kind = "ollama"' in advice


def test_a_context_that_is_too_short_is_noticed(tmp_path: Path) -> None:
    with vllm(ZETA, good_answers("zeta2"), context_tokens=2048) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url)
    assert examined.said("models")[0] == "warn"
    assert examined.status == 0


def test_a_key_is_sent_and_never_shown(tmp_path: Path) -> None:
    with vllm(ZETA, good_answers("zeta2")) as endpoint:
        arguments = ["--url", endpoint.url, "--api-key-env", "KEY"]
        examined = Examined(tmp_path, *arguments, KEY="sk-canary")
        outcome = run(tmp_path, "doctor", *arguments, KEY="sk-canary")
        sent = {headers.get("authorization") for _, headers, _ in endpoint.asked}
    assert sent == {"Bearer sk-canary"}
    assert examined.said("key") == ("ok", "")
    assert "sk-canary" not in json.dumps(examined.report) + outcome.out + outcome.err


def test_a_missing_key_is_noticed_before_anything_is_sent(tmp_path: Path) -> None:
    with vllm(ZETA, prose) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url, "--api-key-env", "KEY")
        assert endpoint.asked == []
    assert examined.ended_with() == "key"
    assert "export KEY=" in examined.said("key")[1]


def test_a_refused_key_is_told_from_other_refusals(tmp_path: Path) -> None:
    with FakeEndpoint({"*": lambda _: as_json({"error": "canary"}, 401)}) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url)
    assert examined.ended_with() == "models"
    assert "api_key_env" in examined.said("models")[1]
    assert "canary" not in json.dumps(examined.report)


def test_of_several_models_the_fitting_ones_are_proposed(tmp_path: Path) -> None:
    with vllm("bert-base", prose, more=(ZETA, "whisper")) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url)
    assert examined.ended_with() == "model"
    assert examined.said("model")[1].endswith(f": {ZETA}")


def test_a_model_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    with vllm(ZETA, prose) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url, "--model", "zeta-3")
    assert examined.ended_with() == "model"
    assert ZETA in examined.said("model")[1]


def test_a_model_without_a_known_format_needs_one(tmp_path: Path) -> None:
    with vllm("my-own-model", prose) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url)
    assert examined.ended_with() == "format"
    assert "zeta2.1" in examined.said("format")[1]


def test_a_format_that_does_not_exist_is_noticed(tmp_path: Path) -> None:
    with vllm(ZETA, prose) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url, "--format", "zeta9")
    assert examined.ended_with() == "format"


def test_a_format_other_than_the_models_own_is_doubted(tmp_path: Path) -> None:
    with vllm(ZETA, good_answers("zeta2.1")) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url, "--format", "zeta2.1")
    assert examined.said("format")[0] == "warn"
    assert examined.status == 0


def test_answers_in_another_format_fail_the_self_tests(tmp_path: Path) -> None:
    with vllm(ZETA, prose) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url)
    assert examined.status == 1
    status, advice = examined.said("self-test: rename")
    assert status == "fail"
    assert "--format" in advice


def test_a_model_that_never_proposes_anything_is_doubted(tmp_path: Path) -> None:
    with vllm(ZETA, echo_region(prose)) as endpoint:
        examined = Examined(tmp_path, "--url", endpoint.url)
    assert examined.status == 0
    assert examined.said("self-test: rename")[0] == "warn"
    assert examined.said("self-test: nothing to do")[0] == "ok"


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with vllm(ZETA, good_answers("zeta2")) as endpoint:
        endpoint._server.socket = context.wrap_socket(endpoint._server.socket, server_side=True)
        url = endpoint.url.replace("http://", "https://")
        examined = Examined(tmp_path, "--url", url)
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        trusting = Examined(
            tmp_path, "--url", url, "--set", f"endpoint.ca_file={tmp_path / 'ca.pem'}"
        )
    assert examined.ended_with() == "models"
    assert "certificate" in examined.checks["models"]["detail"]
    assert trusting.status == 0


def test_ctrl_c_ends_it_quietly(tmp_path: Path) -> None:
    asked, over = threading.Event(), threading.Event()

    def wait(_: dict[str, Any]) -> tuple[int, str, bytes]:
        asked.set()
        over.wait(30)
        return as_json({})

    with FakeEndpoint({"*": wait}) as endpoint:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "zeta_lsp", "doctor", "--url", endpoint.url],
            env=environment(tmp_path),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert asked.wait(30)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        over.set()
    assert (process.returncode, out, err) == (130, b"", b"")
