"""How much of a list's confidence is left at the time of a contact, and whether it was valid then.

Neither drops a contact: both stand beside it. The curve halves the confidence once in a half-life
after the source last saw the indicator in use: addresses change hands within weeks, names live for
months, and a file never changes. The half-lives are a choice, printed in docs/hits.md;
the idea of a curve by kind is that of A. Iklody et al., "Decaying Indicators of Compromise"
(arXiv:1803.11052), which MISP applies.
"""

from collections.abc import Mapping
from enum import StrEnum

from quetsach.indicators.model import Indicator, IndicatorKind

_DAY_US = 86_400_000_000

HALF_LIFE_DAYS: Mapping[IndicatorKind, int | None] = {
    IndicatorKind.ADDRESS: 30,
    IndicatorKind.URL: 60,
    IndicatorKind.NETWORK: 90,
    IndicatorKind.NAME: 120,
    IndicatorKind.FINGERPRINT: 180,
    IndicatorKind.HASH: None,
}
"""After how many days half of the confidence is left; None where it never fades."""


class ValidityWindow(StrEnum):
    """On which side of an indicator's validity a contact was."""

    BEFORE = "before"
    AFTER = "after"


def window_of(indicator: Indicator, when_us: int | None) -> ValidityWindow | None:
    """Return on which side of the validity of `indicator` the time is, None where it is valid.

    A time that is not known counts as valid, and so does every time of an indicator without dates.
    """
    claim = indicator.claim
    if when_us is None:
        return None
    if claim.valid_from_us is not None and when_us < claim.valid_from_us:
        return ValidityWindow.BEFORE
    if claim.valid_until_us is not None and when_us > claim.valid_until_us:
        return ValidityWindow.AFTER
    return None


def confidence_at(indicator: Indicator, when_us: int | None) -> int | None:
    """Return the confidence, 0 to 100, that is left at a time; None where no source states any.

    What an official letter names does not fade, nor does anything without a last day of use.
    """
    claim = indicator.claim
    half_life = HALF_LIFE_DAYS[indicator.kind]
    if (
        claim.confidence is None
        or claim.last_seen_us is None
        or when_us is None
        or half_life is None
        or indicator.is_in_letter
    ):
        return claim.confidence
    age_days = max(0, when_us - claim.last_seen_us) / _DAY_US
    left: float = 0.5 ** (age_days / half_life)
    return round(claim.confidence * left)
