"""What a model is told that is to say how a commit came about, and how it is shown one.

The model is never asked for the text that comes out: that is known. It says in which order the
numbered steps were made, which of them belong together, and what stood in some places first. The
instruction is versioned; its text is part of every question and so of the cache.
"""

from collections.abc import Iterator, Sequence

from pipeline.synthesis.commits import Read
from pipeline.synthesis.steps import Plan, Step
from pipeline.teacher.marked import fenced

VERSION = 1
STEPS_MAX = 60
QUESTION_BYTES_MAX = 48_000
"""More is not asked: nobody remembers how such a commit came about."""
_MESSAGE_CHARS = 400
_OLD_ROWS_SHOWN = 24
_CONTEXT_ROWS = 3

INSTRUCTION = """\
You are shown a commit as numbered steps. Each step is one small change in one place. Reconstruct
how a programmer at a keyboard may have come to this commit: in which order they made the steps,
which steps they made in one go, and where they first wrote something else and put it right.

Order. What would somebody need first? Usually a name is brought in where it is defined, then where
it is used; a signature changes, then its callers, one after the other; imports come when they are
missed, or first of all; tests come after what they test, or before. People stay in a file for a
while and come back to it. Group steps that follow from one thought; a group is seldom more than
five steps.

Drafts. For about one step in three, say what stood in the place of one or a few of its added rows
at first, and until when:
- a typing mistake that is seen at once: letters swapped, one left out, the next key (until "row");
- a second thought about how: another name, another condition, a literal before the constant, a
  print before the logging, a loop before the comprehension, a case that was forgotten (until
  "step", which means: the step is finished first);
- something that only shows later: a wrong name, argument, type or import that the next steps make
  obvious (until "group", which means: the other steps of the group are made first).
A draft is what a competent person would really have typed at that moment, in the language and style
of the file, with its indentation. It differs from what stands there now in a few words, or in a few
rows. No draft is better than an unlikely one.

Answer with one JSON object and nothing else:

{"groups": [[2, 1], [3]],
 "drafts": [{"step": 1, "final": "    return total / count", "typed": "    return total / len(row)",
             "until": "group"}]}

- "groups": every step exactly once, in order.
- "final": one or a few whole rows that the step adds (its rows with +, without the +), letter by
  letter and with their indentation, as they stand next to each other; rows are joined with \\n.
- "typed": what stood there at first, at most 8 rows; an empty string if these rows were left out.
- "until": "row", "step" or "group".
- At most 3 drafts for a step, in different rows of it.
"""


def shown(commit: Read, plans: dict[str, Plan], steps: Sequence[Step]) -> str | None:
    """A commit in numbered steps; None if it is too large to ask about."""
    if len(steps) > STEPS_MAX:
        return None
    message = commit.message.strip()[:_MESSAGE_CHARS]
    parts = [f"# The commit says\n\n{fenced(message)}"]
    for number, step in enumerate(steps, 1):
        rows = "\n".join(_rows(plans[step.path], step))
        parts.append(
            f"# Step {number}: {step.path}, row {step.start + 1}\n\n{fenced(rows, 'diff')}"
        )
    text = "\n\n".join(parts)
    return text if len(text.encode()) <= QUESTION_BYTES_MAX else None


def _rows(plan: Plan, step: Step) -> Iterator[str]:
    """A step with some of the parent's rows around it."""
    above = plan.rows[max(0, step.start - _CONTEXT_ROWS) : step.start]
    below = plan.rows[step.end : step.end + _CONTEXT_ROWS]
    yield from (f" {plain(row)}" for row in above)
    yield from (f"-{plain(row)}" for row in step.old[:_OLD_ROWS_SHOWN])
    if len(step.old) > _OLD_ROWS_SHOWN:
        yield f"({len(step.old) - _OLD_ROWS_SHOWN} more rows that go)"
    yield from (f"+{plain(row)}" for row in step.new)
    yield from (f" {plain(row)}" for row in below)


def plain(row: str) -> str:
    """A row without its end."""
    return row.rstrip("\r\n")
