"""The shapes that TRL's trainers read: SFT, DPO and KTO.

The prompt is the one that was sent. Completions are written by the prompt format itself, the
model's own as well: what an endpoint streams lacks the end marker, and a preference must not be
told by that. Each line keeps a small ``zeta``.

* *sft* `prompt, completion`: what the person came to.
* *dpo* `prompt, chosen, rejected`: what they came to, and what they did not want.
* *kto* `prompt, completion, label`: what the model proposed, and whether they wanted it.
"""

from typing import Any

import msgspec

from capture.export.example import unwanted_region
from capture.export.extras import small_extras
from capture.export.proposal import predicted_region
from capture.export.rebuilt import Rebuilt, rebuilt
from capture.export.recorded import Dropped, Fate, Recorded, fate_of, settled_at

Json = dict[str, Any]


class _Case(msgspec.Struct, frozen=True):
    """A prediction with its prompt, its fate, and the text that was settled on."""

    recorded: Recorded
    rendered: Rebuilt
    fate: Fate
    settled: str
    horizon: str

    def line(self, **fields: object) -> Json:
        """A line: the prompt, these fields, and ours."""
        ours = small_extras(self.recorded, self.fate, self.horizon)
        return {"prompt": self.rendered.prompt.text, **fields, "zeta": ours}

    def completion(self, region: str) -> str:
        """What a model should answer so that the region becomes this text."""
        rendered, given = self.rendered, self.recorded.snapshot.given
        return rendered.form.target(given, rendered.prompt, region)


def sft_line(recorded: Recorded, horizon: str) -> Json | Dropped:
    """A demonstration."""
    case = _case(recorded, horizon)
    if isinstance(case, Dropped):
        return case
    return case.line(completion=case.completion(case.settled))


def dpo_line(recorded: Recorded, horizon: str) -> Json | Dropped:
    """A pair, where the person refused what was proposed and wrote something else."""
    case = _case(recorded, horizon)
    if isinstance(case, Dropped):
        return case
    if case.fate.was_wanted is not False:
        return Dropped("not_refused")
    rejected = unwanted_region(recorded.snapshot, case.fate, case.settled)
    if rejected is None:
        return Dropped("no_difference")
    return case.line(chosen=case.completion(case.settled), rejected=case.completion(rejected))


def kto_line(recorded: Recorded, horizon: str) -> Json | Dropped:
    """A verdict."""
    case = _case(recorded, horizon)
    if isinstance(case, Dropped):
        return case
    proposed, wanted = predicted_region(recorded.snapshot), case.fate.was_wanted
    if proposed is None:
        return Dropped("no_answer")
    if wanted is None:
        return Dropped("no_verdict")
    return case.line(completion=case.completion(proposed), label=wanted)


def _case(recorded: Recorded, horizon: str) -> _Case | Dropped:
    settled = settled_at(recorded, horizon)
    if isinstance(settled, Dropped):
        return settled
    rendered = rebuilt(recorded.snapshot)
    if rendered is None:
        return Dropped("no_prompt")
    if isinstance(rendered, Dropped):
        return rendered
    return _Case(recorded, rendered, fate_of(recorded), settled.text, horizon)
