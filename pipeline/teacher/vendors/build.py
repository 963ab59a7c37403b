"""From a name to who answers to it."""

from collections.abc import Callable, Mapping
from typing import cast

from pipeline.teacher.vendors.base import BatchVendor, Vendor, Whom
from zeta_lsp.core.errors import UsageError


def vendor_for(whom: Whom, environ: Mapping[str, str]) -> Vendor:
    """Who answers. Nothing is connected yet.

    Raises:
        UsageError: its SDK is not installed.
        ModelKeyMissing: it wants a key.
    """
    return _maker(whom.vendor)(whom, environ)


def batch_vendor_for(whom: Whom, environ: Mapping[str, str]) -> BatchVendor:
    """Who answers in batches. Raises as `vendor_for` does, and where there are none."""
    if not whom.is_sold:
        raise UsageError(f"{whom.vendor} takes no batches: leave --batch out")
    return cast("BatchVendor", vendor_for(whom, environ))


def _maker(vendor: str) -> Callable[[Whom, Mapping[str, str]], Vendor]:
    if vendor == "anthropic":
        from pipeline.teacher.vendors.anthropic import Anthropic

        return Anthropic
    if vendor == "openai":
        from pipeline.teacher.vendors.openai import OpenAI

        return OpenAI
    from pipeline.teacher.vendors.compatible import Compatible

    return Compatible
