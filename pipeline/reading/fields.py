"""Fields of records that anybody may have written: what has the wrong type is not there."""

from pipeline.records import Row


def text(record: Row, name: str) -> str | None:
    """A string, with line ends as examples have them."""
    found = record.get(name)
    if not isinstance(found, str):
        return None
    return found.replace("\r\n", "\n").replace("\r", "\n") if "\r" in found else found


def rest(record: Row, *known: str) -> Row:
    """All other fields."""
    return {name: value for name, value in record.items() if name not in known}
