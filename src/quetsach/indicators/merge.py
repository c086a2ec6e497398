"""What several sources say of one indicator, put together so that none narrows another."""

from msgspec import structs

from quetsach.indicators.model import Claim, Indicator, IndicatorClass, Rule, Status, Tlp

# A list that still has it outweighs one that took it back: what is doubtful stays looked for.
_LIFE = (Status.ACTIVE, Status.EXPIRED, Status.REPLACED, Status.WITHDRAWN)
_SECRECY = tuple(Tlp)


def merged(known: Indicator, other: Indicator) -> Indicator:
    """Return `known` as wide as both, its origins alone; both have the same key and kind."""
    claim = _together(known.claim, other.claim)
    rule = Rule.BELOW if other.rule is Rule.BELOW else known.rule
    if claim is known.claim and rule is known.rule:
        return known
    return structs.replace(known, claim=claim, rule=rule)


def _together(one: Claim, other: Claim) -> Claim:
    if one is other or one == other:
        return one
    # Dates and replacement of a source that took the indicator back say nothing of its life.
    living = [claim for claim in (one, other) if claim.status is _first_life(one, other)]
    starts = [claim.valid_from_us for claim in living]
    ends = [claim.valid_until_us for claim in living]
    return Claim(
        of_class=one.of_class if one.of_class is not IndicatorClass.UNKNOWN else other.of_class,
        family=one.family or other.family,
        label=one.label or other.label,
        confidence=max(
            (c for c in (one.confidence, other.confidence) if c is not None), default=None
        ),
        tlp=max(
            (c for c in (one.tlp, other.tlp) if c is not None), key=_SECRECY.index, default=None
        ),
        status=_first_life(one, other),
        replaced_by=next((claim.replaced_by for claim in living if claim.replaced_by), ""),
        valid_from_us=None if None in starts else min(at for at in starts if at is not None),
        valid_until_us=None if None in ends else max(at for at in ends if at is not None),
    )


def _first_life(one: Claim, other: Claim) -> Status:
    return min(one.status, other.status, key=_LIFE.index)
