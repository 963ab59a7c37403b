"""The card of a run: what a model was trained on, how, and what became of it; JSON and Markdown.

It holds counts and digests and no text of any row. Nothing in it comes from git.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from pipeline.records import Row
from pipeline.training.folder import RunFolder, write_whole
from pipeline.training.job import Prepared, Trained
from pipeline.training.libraries import hardware, versions
from pipeline.training.planning import notes_of
from pipeline.training.watching import elapsed_s, logged

LOSSES_MAX = 200
"""Of each pass; all of them are in ``metrics.jsonl``."""
CARD = "card.json"


def write_card(ready: Prepared, done: Trained, folder: RunFolder) -> Row:
    """Write both; the JSON last, because it says that all is done."""
    card = _card(ready, done, folder)
    write_whole(folder.path / "README.md", markdown(card).encode())
    folder.write(CARD, card)
    return card


def _card(ready: Prepared, done: Trained, folder: RunFolder) -> Row:
    job, metrics = ready.job, logged(folder)
    return {
        "kind": "zeta-run",
        "version": 1,
        "fingerprint": ready.fingerprint,
        "base": {**msgspec.to_builtins(ready.base), "licence": job.recipe.licence or None},
        "recipe": msgspec.to_builtins(job.recipe),
        "seeds": {"training": job.seed, "mixing": job.seed},
        "data": _data(ready),
        "steps": done.steps,
        "resumed_at": {name: step for name, step in done.resumed.items() if step},
        "losses": _losses(metrics, done.steps),
        "final_loss": {name: _last(metrics, name) for name in done.steps},
        "parameters": done.parameters,
        "trained_parameters": done.trained_parameters,
        "results": list(done.results),
        "notes": notes_of(ready),
        "versions": versions(),
        "hardware": hardware(),
        "training_s": elapsed_s(folder),
    }


def _data(ready: Prepared) -> Row:
    """The first pass at the top, as other programs look for it there; all passes below it."""
    passes = {
        name: {
            "files": [msgspec.to_builtins(one) for one in found.files],
            "samples": len(found.lessons),
            "tokens": found.tokens,
            "dropped": dict(found.reasons.most_common()),
            **found.census.told(),
        }
        for name, found in ready.data.items()
    }
    return {**passes["sft"], "passes": passes}


def _losses(metrics: Sequence[Row], names: Any) -> list[Row]:
    found: list[Row] = []
    for name in names:
        own = [one for one in metrics if one["pass"] == name]
        stride = max(1, -(-len(own) // LOSSES_MAX))
        found += [
            {"pass": name, "step": one["step"], "loss": one["loss"]}
            for place, one in enumerate(own)
            if place % stride == 0 or one is own[-1]
        ]
    return found


def _last(metrics: Sequence[Row], name: str) -> float | None:
    return next((one["loss"] for one in reversed(metrics) if one["pass"] == name), None)


def markdown(card: Row) -> str:
    """The card for people."""
    data, recipe = card["data"], card["recipe"]
    rows = [
        f"# {recipe['name']} on {card['base']['name']}",
        "",
        "A next-edit model, trained with zeta-lsp. `card.json` has all numbers of this page.",
        "",
        *_table(("what", "how"), _head(card)),
    ]
    for name, one in data["passes"].items():
        rows += ["", f"## Data: {name}", "", *_data_rows(one)]
    rows += ["", "## Recipe", "", *_table(("key", "value"), _flat(recipe))]
    rows += ["", "## Versions", "", *_table(("what", "version"), card["versions"].items())]
    if card["notes"]:
        rows += ["", "## Notes", "", *(f"- {note}" for note in card["notes"])]
    return "\n".join(rows) + "\n"


def _head(card: Row) -> list[tuple[str, str]]:
    base, used = card["base"], card["hardware"]
    gpus = ", ".join(used["gpus"]) or "no GPU"
    return [
        ("base", f"`{base['name']}`, {base['licence'] or 'licence not stated'}"),
        ("base's digest", f"`{base['digest'][:16]}`"),
        ("trained", f"{card['trained_parameters']:,} of {card['parameters']:,} parameters"),
        ("steps", _counts(card["steps"])),
        ("last loss", _counts(card["final_loss"])),
        ("time", f"{card['training_s']:.0f} s"),
        ("hardware", f"{gpus}, {used['cores']} cores"),
        ("seed", str(card["seeds"]["training"])),
        ("results", ", ".join(card["results"])),
    ]


def _data_rows(data: Row) -> list[str]:
    files = [
        (one["path"], f"{one['rows']} rows, {one['drawn']} drawn, `{one['sha256'][:16]}`")
        for one in data["files"]
    ]
    named = ("languages", "licences", "formats", "dropped")
    counts = [(name, _counts(data[name])) for name in named if data[name]]
    return _table(
        ("what", "how much"),
        [
            *files,
            ("samples", f"{data['samples']:,}, {data['tokens']:,} tokens"),
            *counts,
            ("synthetic", f"{data['synthetic_share']:.0%}"),
            ("nothing to do", f"{data['no_edit']} rows"),
            ("of closed code", f"{data['private']} rows"),
            ("consents", f"{len(data['receipts'])}"),
        ],
    )


def _counts(counts: Row) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _table(head: tuple[str, str], rows: Any) -> list[str]:
    return [f"| {head[0]} | {head[1]} |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)]


def _flat(table: Row, before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{before}{key}.")
        elif value not in (None, ""):
            found.append((f"{before}{key}", value))
    return found


def tainted(folder: RunFolder, digests: Sequence[str]) -> dict[str, int]:
    """How many rows of each consent, by its digest, the model of a folder was trained on."""
    card = folder.read(CARD) or {}
    data = card.get("data") or {}
    counts: dict[str, int] = {}
    for one in (data.get("passes") or {"sft": data}).values():
        for digest, count in (one.get("receipts") or {}).items():
            if digest in digests:
                counts[digest] = counts.get(digest, 0) + count
    return counts
