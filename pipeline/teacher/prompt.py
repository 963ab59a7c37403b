"""What a teacher is told, and how it is shown an example.

The instruction is versioned: its text is part of every question and so of the cache, and the
version stands in the rows that were made with it. What an example shows is what the student will
see, but for the bounds: the latest `HISTORY_ROWS` of edits, `RELATED_TOKENS` of other code, and the
excerpt with its region marked.
"""

from pipeline.teacher.case import Case
from pipeline.teacher.marked import END, NO_EDITS, RESERVED, START, fenced, marked
from zeta_lsp.core.formats.cursor_mark import CURSOR
from zeta_lsp.core.formats.sections import event_text, related_section
from zeta_lsp.core.prompt import Message
from zeta_lsp.core.text import without_surrogates

VERSION = 1
HISTORY_ROWS = 128
RELATED_TOKENS = 1024

INSTRUCTION = f"""\
You watch a programmer at work and write down the edit they are about to make.

You are given their latest edits as diffs, oldest first; code from elsewhere in the project; and the
file that they are in. One region of that file is marked with {START} and {END}; {CURSOR} is where
they are typing. Write the region as it will be once they have made their next edit.

How to find that edit:
1. Read the diffs for what the programmer is doing: renaming, moving a parameter through its
   callers, handling one more case, changing one of several similar places. The next edit carries
   on with it. The latest diffs say the most.
2. What stands at the cursor is the beginning of something. Finish it; do not replace it.
3. Look for all places in the region that the same change still has to reach, not for the nearest
   syntax error only.
4. In code, an edit that is worth offering does something: a whole statement, a whole case, the rest
   of a pattern. In prose, comments and texts, change little and only what is certain.
5. Use names, helpers and style that the shown code has. Keep indentation, quotes, blank lines and
   line order as they are where nothing has to change.

What never to do:
- Never take back what they just did: what the diffs removed stays removed, and what they added
  stays, however unfinished it looks. If your result would be closer to the text before their edits
  than to the text now, the answer is {NO_EDITS}.
- A diff under "User accepted prediction" is a suggestion that they took. That may be corrected.
- Never write anything that lies outside the region, and never leave rows of it out.
- Do not invent work. If nothing follows from the edits, the answer is {NO_EDITS}.

Answer with one to three sentences about what they are doing, and then with either {NO_EDITS} on a
row of its own or one code block that holds the whole region between {START} and {END}, each on a
row of its own. Put {CURSOR} where they would go on typing, if that is clear.

Examples, with the surroundings left out.

The diffs rename `count` to `total` in the signature; the region still uses the old name:
```
{START}
    for row in rows:
        total += row.value{CURSOR}
    return total
{END}
```

The diff adds a parameter `timeout` to `connect`; the region calls it twice, and the first call has
been changed already. The second one follows:
```
{START}
primary = connect(host, timeout=timeout)
replica = connect(backup, timeout=timeout){CURSOR}
{END}
```

The cursor stands after `if not us` in a function that takes `user`:
```
{START}
    if not user:
        return None{CURSOR}
    return user.name
{END}
```

The diff deletes a call to `log`; the region has no other trace of it. Writing the call again would
take their edit back, and nothing else follows:
{NO_EDITS}

The diff wraps one field in `Option`; the region has the constructor of the struct:
```
{START}
        Self {{
            name: Some(name),{CURSOR}
            age,
        }}
{END}
```

The cursor is at the end of a sentence in a README whose latest edits fix spelling:
{NO_EDITS}
"""


def teacher_messages(case: Case) -> tuple[Message, ...]:
    """An example, as the one message of a conversation that the instruction opens."""
    return (Message("user", shown(case)),)


def shown(case: Case) -> str:
    """An example: edits, other code, and the file with its region marked."""
    given = case.given
    parts = []
    if history := _history(case):
        parts.append(f"# Latest edits, oldest first\n\n{fenced(history, 'diff')}")
    related = related_section(given.related_files or (), "=== ", RELATED_TOKENS, RESERVED)
    if related:
        parts.append(f"# Elsewhere in the project\n\n{fenced(related.removesuffix(chr(10)))}")
    path = RESERVED.hide(given.cursor_path)
    parts.append(f"# The file they are in: {path}\n\n{fenced(_file(case))}")
    return "\n\n".join(parts)


def _history(case: Case) -> str:
    """The rows of the latest edits; the oldest of them may have lost its beginning."""
    text = "".join(f"{event_text(event).removesuffix(chr(10))}\n" for event in case.given.events)
    rows = RESERVED.hide(without_surrogates(text)).splitlines()
    return "\n".join(rows[-HISTORY_ROWS:])


def _file(case: Case) -> str:
    data, prompt = case.excerpt.encode(), case.prompt
    (first, last), (start, end) = prompt.context, prompt.editable
    above, below = data[first:start].decode(), data[end:last].decode()
    cursor = case.given.cursor_offset_in_excerpt - start
    region = marked(case.region, min(max(cursor, 0), end - start))
    return f"{RESERVED.hide(above)}{region}{RESERVED.hide(below)}"
