"""What an export did: lines written, and what was left out for which reason."""

from collections import Counter
from typing import Any

REASONS: dict[str, str] = {
    "not_settled": "its region has not been quiet long enough, or its editor went away before",
    "horizon_not_reached": "the chosen horizon never came",
    "other_language": "another language",
    "other_licence": "another licence",
    "other_outcome": "another outcome",
    "prompt_differs": "the stored input no longer gives the prompt that was sent",
    "format_unknown": "its prompt format is not known here",
    "marker_in_code": "the code contains markers of the prompt format",
    "answer_out_of_place": "the answer is about a place that its input does not have",
    "no_prompt": "the embedded model has no prompt",
    "no_answer": "the model gave no answer about the region",
    "no_verdict": "nobody took it or refused it",
    "not_refused": "it was not refused",
    "no_difference": "it is what the person wrote in the end",
    "damaged": "its rows are damaged in the store",
}
"""Every word for why a prediction makes no line, in words."""


class Tally:
    """Counts of one export."""

    def __init__(self) -> None:
        self.written = 0
        self.already = 0
        self.dropped: Counter[str] = Counter()
        self.private: Counter[str] = Counter()
        self.problems: list[str] = []

    def as_json(self, output: str) -> dict[str, Any]:
        """For programs. `private` counts lines of closed code by project,
        `problems` are files of the store that could not be read."""
        return {
            "output": output,
            "written": self.written,
            "already_there": self.already,
            "dropped": dict(sorted(self.dropped.items())),
            "private": dict(sorted(self.private.items())),
            "problems": self.problems,
        }

    def as_text(self, output: str) -> str:
        """For people: a line each."""
        place = "standard output" if output == "-" else output
        lines = [f"{_counted(self.written, 'line')} written to {place}"]
        if self.already:
            lines.append(f"{_counted(self.already, 'line')} there before")
        for reason, count in self.dropped.most_common():
            lines.append(f"{_counted(count, 'prediction')} left out: {REASONS.get(reason, reason)}")
        for project, count in sorted(self.private.items()):
            lines.append(f"private: {_counted(count, 'line')} of your closed code in {project}")
        lines += [f"left out: {problem}" for problem in self.problems]
        return "\n".join(lines)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
