"""Consent: who agreed to what being recorded, for which folder, until when; and is it still so.

`Consents` answers, `Receipt` is what was agreed to, `Refusal` why nothing may be recorded.
"""

from capture.consent.receipt import Receipt, Refusal
from capture.consent.registry import Consents

__all__ = ["Consents", "Receipt", "Refusal"]
