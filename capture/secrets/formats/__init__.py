"""The published key formats that are looked for: tables of data, one a field of work."""

from capture.secrets.formats.clouds import CLOUDS
from capture.secrets.formats.code_hosts import CODE_HOSTS
from capture.secrets.formats.format import Format
from capture.secrets.formats.key_files import KEY_FILES
from capture.secrets.formats.messaging import MESSAGING
from capture.secrets.formats.model_hosts import MODEL_HOSTS
from capture.secrets.formats.payments import PAYMENTS
from capture.secrets.formats.services import SERVICES

FORMATS: tuple[Format, ...] = (
    *KEY_FILES,
    *CLOUDS,
    *CODE_HOSTS,
    *MESSAGING,
    *PAYMENTS,
    *MODEL_HOSTS,
    *SERVICES,
)

__all__ = ["FORMATS", "Format"]
