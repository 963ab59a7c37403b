"""Whatever strangers write into rows is text on the page: seen, escaped, and never run."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.records import Row
from pipeline.reporting.visible import visible
from tests.pipeline.reporting.made import drop, example, page_of, ran, scored, written

ATTACKS = [
    "</script><script>document.title='ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    '"><svg onload="document.title=\'ran\'">',
    "</style><b>bold</b>",
    "]]><!--",
    "{{ 7*7 }}{% raw %}",
    "a\u202eb\u2066c\u200bd\x00e\x1bf\x7f",
    "javascript:alert(1)",
    "&lt;already&amp;",
]
OURS = """html head meta title style body header p h1 h2 h3 code a nav main section div span strong
small table thead tbody tr th td svg rect line circle text desc polyline figure figcaption b details
summary i mark article footer ul li"""
texts = st.one_of(
    st.sampled_from(ATTACKS), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)


def hostile(word: str, number: int = 0) -> Row:
    """An example with a stranger's text wherever one can be."""
    path = f"{word}.py".replace("\n", " ")
    row = scored(number, f"x = {word!r}", path="shop/total.py", name=word)
    row["cursor_path"] = path
    row["repository_url"] = word
    row["tags"] = [word, f"source:{word}"]
    row["predictions"][0]["provider"] = word
    row["expected_patches"] = [row["expected_patches"][0].replace("timeout", word)]
    row["zeta"] |= {
        "licence": word,
        "outcome": {"ending": word},
        "edit_sources": [[word]],
        "redactions": [word, {"kind": word}],
        "eval": {"case": word, "wants": word},
    }
    row["zeta"]["consent"]["level"] = word
    return row


def inputs(tmp_path: Path, word: str) -> list[str]:
    drops = [drop(1, word or "-"), drop(2, "secret_found", detail=word)]
    leak = {"kind": word, "name": word, "outputs": [word, "test"], "lines": [1, 2]}
    split = {"outputs": {word: 1, "test": 2}, "leaks": [leak]}
    run = {"kind": "zeta-run", "base": word, "losses": [{"pass": word, "step": 1, "loss": 2.0}]}
    figure = {word: {"mean": 1.0, "low": 0.5, "high": 2.0, "n": 1}}
    evaluated = {"kind": "zeta-eval", "measures": {word: figure}, "silence": {word: {"cases": 2}}}
    return [
        written(tmp_path / "a.jsonl", [hostile(word)]),
        written(tmp_path / "a.drops.jsonl", drops),
        written(tmp_path / "b.jsonl", [split, run, evaluated]),
    ]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(word=texts)
def test_no_text_becomes_a_tag_or_an_attribute(tmp_path: Path, word: str) -> None:
    page = page_of(tmp_path, *inputs(tmp_path, word), "--names", f"--title={word}")
    for tag, attributes in page.tags:
        assert tag in OURS.split()
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert all(
            value.startswith("#") for name, value in attributes.items() if name == "href" and value
        )
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page.html
    )


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    assert visible("a\u202eb\x00\ttab\r\n") == "a⟨U+202E⟩b⟨U+0000⟩\ttab⟨U+000D⟩\n"
    assert visible("\ud800é日本") == "⟨U+D800⟩é日本"


def test_a_hostile_name_is_read_as_it_is_written(tmp_path: Path) -> None:
    page = page_of(tmp_path, written(tmp_path / "a.jsonl", [hostile(ATTACKS[0])]))
    assert ATTACKS[0] in page.text


def test_the_page_asks_nobody_for_anything(tmp_path: Path) -> None:
    page = page_of(tmp_path, written(tmp_path / "a.jsonl", [hostile("x")]))
    (policy,) = (a["content"] for _, a in page.tags if a.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert not re.search(r"url\(|@import|<script|<link|<iframe", page.html)


def test_the_card_stays_a_card(tmp_path: Path) -> None:
    for word in (*ATTACKS, "a|b\n\n# head", "[x](javascript:1)", "`code`"):
        rows = inputs(tmp_path, word)
        card = tmp_path / "card.md"
        assert ran(*rows, "-o", tmp_path / "x.html", "--card", card, "--quiet") == 0
        lines = card.read_text().splitlines()
        widths = [re.sub(r"\\.", "", line).count("|") for line in lines if line.startswith("|")]
        assert len(set(widths)) < 8
        assert not [line for line in lines if re.search(r"(?<!\\)<|(?<!\\)`(?![0-9a-f]{64}`)", line)
                    and "digest of all" not in line]  # fmt: skip
        assert "# head" not in lines


def test_a_browser_runs_nothing_of_it(tmp_path: Path) -> None:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    rows = written(tmp_path / "a.jsonl", [hostile(word, n) for n, word in enumerate(ATTACKS)])
    out = tmp_path / "x.html"
    assert ran(rows, "-o", out, "--names", "--quiet", "--title", "calm") == 0
    asked: list[Any] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.goto(out.as_uri())
        assert page.title() == "calm"
        assert page.evaluate("document.scripts.length") == 0
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        browser.close()
    assert asked == [out.as_uri()]


def test_an_example_without_fields_is_no_fault(tmp_path: Path) -> None:
    odd: list[Row] = [
        {"zeta": None, "score": "x"},
        {"score": [None, 1], "predictions": [3]},
        {"cursor_path": 3, "expected_patches": [None], "zeta": {"consent": [], "latency": 4}},
        {"zeta": {"time": 1e99, "redactions": [None], "edit_sources": [None, [3]], "outcome": "x"}},
        {"tags": {"a": 1}, "prompt_inputs": [], "score": [{"delta_chr_f": 1.0}]},
        {**example(), "score": [{"delta_chr_f": "high"}], "predictions": [{}]},
    ]
    assert "examples 6" in page_of(tmp_path, written(tmp_path / "a.jsonl", odd)).text
