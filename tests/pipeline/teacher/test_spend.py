"""Nothing is spent that nobody agreed to."""

import io
from pathlib import Path

import pytest

from pipeline.teacher.cache import Needs
from pipeline.teacher.faults import RunEnded
from pipeline.teacher.prices import Price, price_of
from pipeline.teacher.replies import Reply
from pipeline.teacher.spend import Budget, Spend, agreed, estimated
from pipeline.teacher.telling import Teller
from tests.pipeline.teacher.examples import ran, read, row_for, written
from tests.pipeline.teacher.vendor_server import VendorServer
from zeta_lsp.core.errors import UsageError

PRICE = Price(2.0, 10.0, "a test")
DEAR = Needs(calls=1000, input_bytes=9_000_000, output_tokens_max=8_000_000)
"""3 million tokens in, 2 million out: $26."""


@pytest.mark.parametrize(
    ("budget", "answer", "asks"),
    [
        (Budget(PRICE, is_sold=True, max_usd=30.0), None, 0),
        (Budget(PRICE, is_sold=True, max_usd=20.0, is_agreed=True), None, 0),
        (Budget(None, is_sold=False, max_usd=0.0), None, 0),
        (Budget(PRICE, is_sold=True, max_usd=20.0), True, 1),
        (Budget(None, is_sold=True, max_usd=20.0), True, 1),
    ],
)
def test_a_person_is_asked_where_it_is_dear_or_of_unknown_price(
    budget: Budget, answer: bool | None, asks: int
) -> None:
    asked: list[str] = []

    def person(question: str) -> bool | None:
        asked.append(question)
        return answer

    agreed(estimated(DEAR, budget.price), budget, person)
    assert len(asked) == asks


@pytest.mark.parametrize("answer", [False, None])
def test_without_agreement_nothing_is_asked(answer: bool | None) -> None:
    budget = Budget(PRICE, is_sold=True, max_usd=20.0)
    with pytest.raises(UsageError, match=r"26\.00"):
        agreed(estimated(DEAR, PRICE), budget, lambda _: answer)


def test_the_running_total_stops_at_the_limit() -> None:
    spend = Spend(Budget(PRICE, is_sold=True, max_usd=1.0))
    dear = Reply("x", input_tokens=100_000, output_tokens=40_000)  # $0.60
    spend.add(dear)
    with pytest.raises(RunEnded):
        spend.add(dear)
    assert spend.usd == pytest.approx(1.2)
    spend.budget = Budget(PRICE, is_sold=True, max_usd=1.0, is_agreed=True)
    spend.add(dear)


def test_a_run_above_the_limit_asks_nobody_without_a_person(
    vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written(tmp_path / "in.jsonl", [row_for(n) for n in range(5)])
    out = tmp_path / "out.jsonl"
    arguments = [
        "predict", source, "-o", out, "--teacher", "anthropic:claude-sonnet-4-6",
        "--url", vendor.url, "--cache", tmp_path / "a.sqlite", "--concurrency", 1,
    ]  # fmt: skip
    assert ran(*arguments, "--max-spend", 0.01) == 2
    assert "--yes" in capsys.readouterr().err
    assert ran(*arguments, "--price-in", 1, "--price-out", 1, "--max-spend", 0.0001, "--yes") == 0
    assert len(read(out)) == 5
    assert ran(*arguments, "--max-spend", 0) == 0  # all is in the cache


def test_an_unknown_price_is_said_to_be_unknown(
    vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = written(tmp_path / "in.jsonl", [row_for()])
    arguments = [
        "predict", source, "-o", tmp_path / "o.jsonl", "--teacher", "anthropic:new-model",
        "--url", vendor.url, "--cache", tmp_path / "a.sqlite",
    ]  # fmt: skip
    assert ran(*arguments) == 2
    assert "price is not known" in capsys.readouterr().err
    assert vendor.asked() == 0
    assert ran(*arguments, "--yes") == 0
    assert "price not known" in capsys.readouterr().err


def test_a_run_that_turns_out_dearer_than_estimated_stops_and_keeps_its_answers(
    vendor: VendorServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vendor.charged = (5000, 0)  # $0.05 each, several times what their size says
    source = written(tmp_path / "in.jsonl", [row_for(n) for n in range(9)])
    out = tmp_path / "out.jsonl"
    arguments = [
        "qa", source, "-o", out, "--judge", "openai:gpt-5.4", "--url", f"{vendor.url}/v1",
        "--cache", tmp_path / "a.sqlite", "--concurrency", 1, "--price-in", 10, "--price-out", 0,
    ]  # fmt: skip
    patch = "--- a/shop/total.py\n+++ b/shop/total.py\n"
    rows = [row_for(n, predictions=[{"actual_patch": patch}]) for n in range(9)]
    written(tmp_path / "in.jsonl", rows)
    assert ran(*arguments, "--max-spend", 0.22) == 1
    assert "--max-spend" in capsys.readouterr().err
    assert not out.exists()
    assert vendor.asked() == 5
    assert ran(*arguments, "--max-spend", 0.22) == 0
    assert vendor.asked() == 9
    assert len(read(out)) == 9


@pytest.mark.parametrize(
    ("name", "usd"),
    [
        ("anthropic:claude-sonnet-4-6", 3.0), ("anthropic:claude-sonnet-4-5-20250929", 3.0),
        ("anthropic:claude-opus-4-5", 5.0), ("anthropic:claude-opus-4-1", 15.0),
        ("openai:gpt-5.4", 2.5), ("openai:gpt-5.4-2026-03-05", 2.5), ("openai:gpt-5.4-mini", 0.75),
        ("openai:gpt-5.4-other", None), ("openai:gpt-5.423", None), ("chat:gpt-5.4", None),
    ],
)  # fmt: skip
def test_prices_are_those_of_the_model_and_no_other(name: str, usd: float | None) -> None:
    price = price_of(*name.split(":"))
    assert (price and price.input_usd) == usd


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_shows_what_is_spent() -> None:
    stream = Terminal()
    teller = Teller("predict", stream, is_quiet=False, as_json=False)
    spend = Spend(Budget(PRICE, is_sold=True, max_usd=9.0))
    with teller.progress(2) as progress:
        spend.add(Reply("x", input_tokens=1_000_000))
        progress(spend)
    assert "$2.0000" in stream.getvalue()
