"""What may be sent where: private code stays on this machine unless somebody says otherwise."""

from pipeline.example import ours
from pipeline.records import Dropped, Row
from pipeline.teacher.vendors.base import Whom

STAYS_HOME = Dropped("private", "--allow-private sends it to the vendor all the same")


def is_private(row: Row) -> bool:
    """Whether it is of closed code, recorded under a consent for that alone."""
    consent = ours(row).get("consent")
    said = consent.get("private") if isinstance(consent, dict) else None
    tags = row.get("tags")
    return bool(said or ours(row).get("private")) or (isinstance(tags, list) and "private" in tags)


def may_be_sent(row: Row, whom: Whom, *, allow_private: bool) -> bool:
    """Whether an example may go there. To this machine everything may."""
    return whom.is_here or allow_private or not is_private(row)
