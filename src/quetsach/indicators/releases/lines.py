"""One line of a release: an indicator with all its data, written and read back."""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from quetsach.indicators.dates import iso_of, us_of
from quetsach.indicators.model import (
    NO_CLAIM,
    Claim,
    Decision,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorStatus,
    MatchRule,
    Origin,
    Tlp,
)

UNREADABLE = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)
"""What reading a line or header raises where it is not sound."""


class Withdrawal(Struct, frozen=True, gc=False, omit_defaults=True):
    """When an indicator was no longer listed, and the digest of the last release that had it."""

    created: str
    after: str = ""


class ReleaseEntry(Struct, frozen=True, gc=False):
    """An indicator in a release; `dropped` ones are listed, by decision, and not looked for."""

    indicator: Indicator
    decision: Decision | None = None
    withdrawn: Withdrawal | None = None
    dropped: bool = False


class _Says(Struct, gc=False, omit_defaults=True, rename={"of_class": "class"}):
    """A claim as it is written."""

    of_class: IndicatorClass = IndicatorClass.UNKNOWN
    family: str = ""
    label: str = ""
    confidence: int | None = None
    tlp: Tlp | None = None
    status: IndicatorStatus = IndicatorStatus.ACTIVE
    replaced_by: str = ""
    valid_from: str = ""
    valid_until: str = ""
    last_seen: str = ""


class _Source(Struct, gc=False, omit_defaults=True, rename={"list_name": "list"}):
    """An origin as it is written."""

    list_name: str
    sha256: str
    row: int
    text: str = ""
    place: str = ""
    letter: str = ""
    rule: MatchRule | None = None
    says: _Says | None = None


class _Line(Struct, gc=False, omit_defaults=True, rename={"of_class": "class"}):
    """An entry as it is written."""

    key: str
    shown: str
    kind: IndicatorKind
    rule: MatchRule
    port: int | None = None
    of_class: IndicatorClass = IndicatorClass.UNKNOWN
    family: str = ""
    label: str = ""
    confidence: int | None = None
    tlp: Tlp | None = None
    status: IndicatorStatus = IndicatorStatus.ACTIVE
    replaced_by: str = ""
    valid_from: str = ""
    valid_until: str = ""
    last_seen: str = ""
    allow: tuple[str, ...] = ()
    decided: str = ""
    dropped: bool = False
    withdrawn: Withdrawal | None = None
    decision: Decision | None = None
    origins: tuple[_Source, ...] = ()


_CLAIM = ("of_class", "family", "label", "confidence", "tlp", "status", "replaced_by")
_LINE = msgspec.json.Decoder(_Line)
_ENCODER = msgspec.json.Encoder()


def entry_of(line: bytes) -> ReleaseEntry | None:
    """Return the entry in `line`, or None where it is invalid."""
    try:
        return decode_entry(line)
    except UNREADABLE:
        return None


def sort_entries(entries: Iterable[ReleaseEntry]) -> tuple[ReleaseEntry, ...]:
    """Return entries in the order in which a release holds them."""
    return tuple(
        sorted(
            entries,
            key=lambda release_entry: (release_entry.indicator.key, release_entry.indicator.kind),
        )
    )


def line_of(release_entry: ReleaseEntry) -> bytes:
    """Return the line of `release_entry`, with its end."""
    return encode_line(_written(release_entry))


def _written(release_entry: ReleaseEntry) -> _Line:
    indicator = release_entry.indicator
    return _Line(
        key=indicator.key,
        shown=indicator.shown,
        kind=indicator.kind,
        rule=indicator.rule,
        port=indicator.port,
        allow=indicator.allow_classes,
        decided=indicator.decided,
        dropped=release_entry.dropped,
        withdrawn=release_entry.withdrawn,
        decision=release_entry.decision,
        origins=tuple(map(_source, indicator.origins)),
        **_claim_words(indicator.claim),
    )


def _claim_words(claim: Claim) -> dict[str, Any]:
    if claim is NO_CLAIM:
        return {}
    words = {name: getattr(claim, name) for name in _CLAIM}
    return {
        **words,
        "valid_from": iso_of(claim.valid_from_us),
        "valid_until": iso_of(claim.valid_until_us),
        "last_seen": iso_of(claim.last_seen_us),
    }


def _claim(written: "_Says | _Line | None") -> Claim:
    if written is None:
        return NO_CLAIM
    claim = Claim(
        written.of_class,
        written.family,
        written.label,
        written.confidence,
        written.tlp,
        written.status,
        written.replaced_by,
        us_of(written.valid_from),
        us_of(written.valid_until),
        us_of(written.last_seen),
    )
    return NO_CLAIM if claim == NO_CLAIM else claim


def _source(origin: Origin) -> _Source:
    bare = origin.claim is NO_CLAIM or origin.claim == NO_CLAIM
    return _Source(
        origin.list_name,
        origin.list_sha256,
        origin.row,
        origin.text,
        origin.place,
        origin.letter,
        origin.rule,
        None if bare else _Says(**_claim_words(origin.claim)),
    )


def decode_entry(line: bytes) -> ReleaseEntry:
    """Return the entry in `line`.

    Errors: one of UNREADABLE where it is invalid.
    """
    read = _LINE.decode(line)
    origins = tuple(
        Origin(
            origin.list_name,
            origin.sha256,
            origin.row,
            origin.text,
            origin.place,
            origin.letter,
            _claim(origin.says),
            origin.rule,
        )
        for origin in read.origins
    )
    indicator = Indicator(
        read.key,
        read.shown,
        read.kind,
        read.rule,
        read.port,
        _claim(read),
        origins,
        read.allow,
        read.decided,
    )
    return ReleaseEntry(indicator, read.decision, read.withdrawn, read.dropped)


def encode_line(struct: Struct) -> bytes:
    """Return `struct` as one line of JSON, with its end; its fields in their own order."""
    try:
        return _ENCODER.encode(struct) + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair, out of a damaged document
        whole = _mended(msgspec.to_builtins(struct))
        return _ENCODER.encode(msgspec.convert(whole, type(struct))) + b"\n"


def _mended(content: Any) -> Any:
    if isinstance(content, str):
        return content.encode("utf-8", "replace").decode()
    if isinstance(content, dict):
        return {key: _mended(part) for key, part in content.items()}
    return [_mended(part) for part in content] if isinstance(content, list | tuple) else content
