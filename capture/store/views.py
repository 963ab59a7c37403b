"""The views that people look at, with sqlite3 or Datasette. No code of ours reads them.

Times are ISO 8601 in UTC. The latest outcome of a prediction counts, and its settled text once
nothing touched it for the quiet time.
"""


def _iso(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%fZ', {column}, 'unixepoch')"


_LATEST = """
SELECT session, id, ending, reason, time, max(seq) AS seq, after_ms
FROM outcomes WHERE ending <> '' GROUP BY session, id
"""

_PREDICTIONS = f"""
SELECT {_iso("p.time")} AS time, s.project_name AS project, p.path, p.cursor_row + 1 AS line,
  p.language, p.model, p.format, o.ending, coalesce(nullif(p.reason, ''), o.reason) AS reason,
  round(p.total_ms, 1) AS total_ms, round(q.kept_rate, 3) AS kept_rate,
  round(q.recall_rate, 3) AS recall_rate, p.patch, p.trigger, p.licence,
  p.private, s.editor, p.session, p.id
FROM snapshots p
JOIN sessions s ON s.session = p.session
LEFT JOIN latest_outcomes o ON o.session = p.session AND o.id = p.id
LEFT JOIN settled q ON q.session = p.session AND q.id = p.id AND q.horizon = 'quiet'
"""  # noqa: S608 - built from our own words

_SETTLED_TEXTS = f"""
SELECT {_iso("q.time")} AS time, s.project_name AS project, p.path, q.horizon,
  round(q.after_ms / 1000, 1) AS after_s, round(q.kept_rate, 3) AS kept_rate,
  round(q.recall_rate, 3) AS recall_rate, q.edits, q.crossed, q.session, q.id
FROM settled q
JOIN snapshots p ON p.session = q.session AND p.id = q.id
JOIN sessions s ON s.session = q.session
"""  # noqa: S608

_PROJECTS = f"""
SELECT s.project_name AS project, count(DISTINCT s.session) AS sessions,
  count(p.n) AS predictions, sum(o.ending IN ('accepted', 'partly')) AS accepted,
  {_iso("min(s.time)")} AS first, {_iso("max(coalesce(p.time, s.time))")} AS last,
  max(s.private) AS private, max(s.licence) AS licence, s.project AS id
FROM sessions s
LEFT JOIN snapshots p ON p.session = s.session
LEFT JOIN latest_outcomes o ON o.session = p.session AND o.id = p.id
GROUP BY s.project
"""  # noqa: S608

_DAYS = """
SELECT date(p.time, 'unixepoch') AS day, s.project_name AS project, count(*) AS predictions,
  sum(o.ending IN ('accepted', 'partly')) AS accepted, sum(o.ending = 'rejected') AS rejected,
  round(avg(p.total_ms), 1) AS mean_ms
FROM snapshots p
JOIN sessions s ON s.session = p.session
LEFT JOIN latest_outcomes o ON o.session = p.session AND o.id = p.id
GROUP BY day, s.project
"""

VIEWS = {
    "latest_outcomes": _LATEST,
    "predictions": _PREDICTIONS,
    "settled_texts": _SETTLED_TEXTS,
    "projects": _PROJECTS,
    "days": _DAYS,
}
"""Name and query of each."""
