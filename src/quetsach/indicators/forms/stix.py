"""STIX 2.0 and 2.1: bundles, single objects and the answers of TAXII 2.1 servers."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from quetsach.errors import Problem
from quetsach.indicators.forms.contract import FormReading, ListFile
from quetsach.indicators.forms.json_values import (
    as_dicts,
    as_percent,
    as_text,
    as_texts,
    damage,
    decoded,
    excerpt,
    head_text,
    instant_us,
    json_buffer,
)
from quetsach.indicators.forms.plain import LONGEST_LABEL
from quetsach.indicators.forms.rows import ListRow
from quetsach.indicators.forms.stix_bundle import Survey, stix_objects, survey
from quetsach.indicators.forms.stix_pattern import PatternReading, read_pattern
from quetsach.indicators.model import Claim, IndicatorClass, Status
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.parse_value import parse_value, with_port
from quetsach.indicators.vocabulary import BENIGN_TYPES, class_of

MOST_CHECKED = 500_000
"""How much of the patterns of one list is held against the grammar, in characters; then none."""

_LOOKS = re.compile(r'"type"\s*:\s*"bundle"|"id"\s*:\s*"(?:indicator|bundle)--|"pattern_type"\s*:')
_SCO_VALUES = ("ipv4-addr", "ipv6-addr", "domain-name", "url")


class _Object(msgspec.Struct):
    """What is read of an object; every field may be of any type, for others wrote it."""

    type: Any = None
    id: Any = None
    modified: Any = None
    pattern: Any = None
    pattern_type: Any = None
    name: Any = None
    description: Any = None
    labels: Any = None
    indicator_types: Any = None
    kill_chain_phases: Any = None
    object_marking_refs: Any = None
    granular_markings: Any = None
    confidence: Any = None
    revoked: Any = None
    valid_from: Any = None
    valid_until: Any = None
    value: Any = None
    hashes: Any = None
    objects: Any = None


class Stix:
    """STIX 2.0 and 2.1."""

    name = "stix"
    title = "STIX 2.0, 2.1 (bundle, object, TAXII envelope)"
    reads = (
        "indicators with simple patterns, names met exactly as `=` says, with validity, TLP and "
        "malware; patterns of several conditions are listed as not applied"
    )

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value of each indicator, and for each observable beside them."""
        data = json_buffer(file)
        if data is None:
            return None
        objects = stix_objects(data)
        if objects is None:
            return _damaged(file, data)
        return FormReading(_rows(objects, file.options))


def _damaged(file: ListFile, data: bytes) -> FormReading | None:
    if not _LOOKS.search(head_text(file)):
        return None
    reason = damage(data) or "objects"
    return FormReading((), problems=(Problem("E210", file.name, {"reason": reason}),))


def _rows(objects: Sequence[msgspec.Raw], options: ListOptions) -> Iterator[ListRow]:
    known = survey(objects)
    replaced_by = _successors(objects, known, options)
    spent = 0
    for number, raw in enumerate(objects, start=1):
        one = decoded(raw, _Object)
        if one is None or not as_text(one.type):
            yield ListRow(number, excerpt(raw), "", refused=Reason.UNPARSABLE)
        elif one.type == "indicator":
            reading = _pattern(one, check=spent < MOST_CHECKED)
            # Whatever was refused may have been through the parser, which is slow.
            spent += len(as_text(one.pattern)) if reading.refused else 0
            claim = _past_claim(number, one, known, replaced_by) or _claim(one, known)
            yield from _indicator_rows(number, one, reading, claim)
        else:
            yield from _context_rows(number, one)


def _successors(
    objects: Sequence[msgspec.Raw], known: Survey, options: ListOptions
) -> dict[str, str]:
    """Return, by id, the key that the newest of several versions looks for, if it is one."""
    found = {}
    for stix_id, version in known.versions.items():
        one = decoded(objects[version.number - 1], _Object)
        values = () if one is None else _pattern(one, check=False).values
        parsed = parse_value(values[0].value, options).values if len(values) == 1 else ()
        if len(parsed) == 1:
            found[stix_id] = with_port(parsed[0], values[0].port).key
    return found


def _past_claim(
    number: int, one: _Object, known: Survey, replaced_by: dict[str, str]
) -> Claim | None:
    """Return what there is to say of an object of which a newer version stands there too."""
    newest = known.versions.get(as_text(one.id))
    if newest is None or newest.number == number:
        return None
    if newest.revoked:
        return Claim(status=Status.WITHDRAWN)
    return Claim(status=Status.REPLACED, replaced_by=replaced_by.get(one.id, ""))


def _pattern(one: _Object, *, check: bool) -> PatternReading:
    pattern = as_text(one.pattern)
    if not pattern:
        return PatternReading(refused=Reason.UNPARSABLE)
    # STIX 2.0 has no other kind of pattern, and does not say so.
    if one.pattern_type not in (None, "stix"):
        return PatternReading(refused=Reason.NOT_APPLIED)
    if _said(_words(one))[1]:
        return PatternReading(refused=Reason.EXCEPTION)
    return read_pattern(pattern, check=check)


def _words(one: _Object) -> tuple[str, ...]:
    phases = [as_text(phase.get("phase_name")) for phase in as_dicts(one.kill_chain_phases)]
    return (*as_texts(one.indicator_types), *as_texts(one.labels), *phases)


@lru_cache(maxsize=4096)
def _said(words: tuple[str, ...]) -> tuple[IndicatorClass, bool]:
    """Return the class, and whether the indicator shows what is known to be harmless."""
    lowered = {word.lower() for word in words}
    benign = bool(lowered & BENIGN_TYPES) and not lowered & {"malicious-activity", "compromised"}
    return class_of(words), benign


def _indicator_rows(
    number: int, one: _Object, reading: PatternReading, claim: Claim
) -> Iterator[ListRow]:
    text = as_text(one.pattern) or as_text(one.name) or as_text(one.id)
    if reading.refused is not None:
        yield ListRow(number, text, "", refused=reading.refused)
    for value, port, rule in reading.values:
        yield ListRow(number, text, value, port, rule, claim)


def _context_rows(number: int, one: _Object) -> Iterator[ListRow]:
    """Return the values of an observable: seen somewhere, but nobody says that it is bad."""
    seen = [{"type": one.type, "value": one.value, "hashes": one.hashes}]
    if one.type == "observed-data" and isinstance(one.objects, dict):
        seen = [value for value in one.objects.values() if isinstance(value, dict)]
    for each in seen:
        kind, value, hashes = as_text(each.get("type")), each.get("value"), each.get("hashes")
        if kind in _SCO_VALUES:
            yield ListRow(number, f"{kind}: {value}", as_text(value), refused=Reason.CONTEXT)
        elif kind == "file" and isinstance(hashes, dict):
            for name, digest in hashes.items():
                text = f"file {name}: {digest}"
                yield ListRow(number, text, as_text(digest), refused=Reason.CONTEXT)


def _claim(one: _Object, known: Survey) -> Claim:
    until_us = instant_us(one.valid_until)
    return Claim(
        of_class=_said(_words(one))[0],
        family=known.family(as_text(one.id)),
        label=(as_text(one.name) or as_text(one.description)).strip()[:LONGEST_LABEL],
        confidence=as_percent(one.confidence),
        tlp=known.level(_markings(one)),
        status=Status.WITHDRAWN if one.revoked is True else Status.ACTIVE,
        valid_from_us=instant_us(one.valid_from),
        # "The time at which this Indicator should no longer be considered valid" (STIX 2.1, 4.7).
        valid_until_us=None if until_us is None else until_us - 1,
    )


def _markings(one: _Object) -> list[str]:
    refs = as_texts(one.object_marking_refs)
    if one.granular_markings is None:
        return refs
    return refs + [
        as_text(marking.get("marking_ref")) for marking in as_dicts(one.granular_markings)
    ]
