"""STIX 2.0 and 2.1: bundles, single objects and the answers of TAXII 2.1 servers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from quetsach.errors.exceptions import Problem
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.plain import LONGEST_LABEL
from quetsach.indicators.formats.records import (
    as_dicts,
    as_percent,
    as_text,
    as_texts,
    damage,
    decoded,
    excerpt,
    head_text,
    instant_us,
    items,
    json_buffer,
)
from quetsach.indicators.formats.stix_pattern import PatternReading, read_pattern
from quetsach.indicators.model import Claim, IndicatorClass, IndicatorStatus, Tlp
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.values import parse_value, with_port
from quetsach.indicators.vocabulary import BENIGN_TYPES, TLP_MARKINGS, class_of, tlp_of

# The objects of a STIX bundle, and what all of them together say of its indicators.

_STIX_ID = re.compile(r"[a-z0-9-]{1,250}--[0-9a-fA-F-]{36}")
_ENVELOPE_KEYS = {"more", "next", "objects", "id", "type", "spec_version"}
_MOST_PROBED = 20
_SECRECY = tuple(Tlp)


class _Envelope(msgspec.Struct):
    type: Any = None
    id: Any = None
    objects: msgspec.Raw = msgspec.Raw()


class _Outline(msgspec.Struct):
    """What the first look at every object takes: versions, malware, markings, relationships."""

    type: Any = None
    id: Any = None
    modified: Any = None
    revoked: Any = None
    name: Any = None
    definition: msgspec.Raw = msgspec.Raw()
    extensions: msgspec.Raw = msgspec.Raw()
    relationship_type: Any = None
    source_ref: Any = None
    target_ref: Any = None


class StixVersion(NamedTuple):
    """The newest of several objects with one id: its time, its place from 1, and if revoked."""

    modified_us: int
    number: int
    revoked: bool


@dataclass
class BundleSurvey:
    """What a bundle says beside its indicators.

    Shapes: `malware` is names by id; `indicates` is ids of malware by those of indicators;
    `markings` is TLP levels by id; `versions` has only ids of more than one object.
    """

    malware: dict[str, str] = field(default_factory=dict)
    indicates: dict[str, str] = field(default_factory=dict)
    markings: dict[str, Tlp] = field(default_factory=lambda: dict(TLP_MARKINGS))
    versions: dict[str, StixVersion] = field(default_factory=dict)

    def family(self, indicator_id: str) -> str:
        """Return the name of the malware that this indicator indicates, or ""."""
        return self.malware.get(self.indicates.get(indicator_id, ""), "")

    def level(self, refs: Sequence[str]) -> Tlp | None:
        """Return the strictest TLP level of these marking definitions, or None."""
        found = [level for ref in refs if (level := self.markings.get(ref)) is not None]
        return max(found, key=_SECRECY.index, default=None)


def stix_objects(data: bytes) -> list[msgspec.Raw] | None:
    """Return the STIX objects in the JSON `data`, or None where it is damaged or no STIX."""
    if bytes(data[:256]).lstrip()[:1] == b"[":
        found = items(data)
        return found if found and _is_stix(found[0]) else None
    envelope = decoded(data, _Envelope)
    if envelope is None:
        return None
    stix_id = as_text(envelope.id)
    is_bundle = envelope.type == "bundle" or stix_id.startswith("bundle--")
    if is_bundle and not len(memoryview(envelope.objects)):
        return []
    if not is_bundle and _STIX_ID.fullmatch(stix_id):
        return items(b"[" + bytes(data) + b"]")
    found = items(envelope.objects)
    if is_bundle or not found:
        return found if is_bundle or _is_empty_answer(data) else None
    return found if any(map(_is_stix, found[:_MOST_PROBED])) else None


def survey(objects: Sequence[msgspec.Raw]) -> BundleSurvey:
    """Return what must be known before the first indicator is read."""
    found = BundleSurvey()
    seen: set[int] = set()
    again: set[int] = set()
    for one in _outlines(objects):
        if one.type == "indicator" and as_text(one.id):
            # Hashes of ids, for a bundle may have a million; a wrong hit costs a second look.
            hashed = hash(one.id)
            (again if hashed in seen else seen).add(hashed)
        else:
            _note(one, found)
    if again:
        found.versions.update(_versions(objects, again))
    return found


def _is_stix(one: msgspec.Raw) -> bool:
    outline = decoded(one, _Outline)
    if outline is None:
        return False
    kind = as_text(outline.type)
    return bool(kind) and as_text(outline.id).startswith(f"{kind}--")


def _is_empty_answer(data: bytes) -> bool:
    keys = decoded(data, dict[str, msgspec.Raw])
    return keys is not None and "objects" in keys and set(keys) <= _ENVELOPE_KEYS


def _outlines(objects: Sequence[msgspec.Raw]) -> Iterator[_Outline]:
    for raw in objects:
        one = decoded(raw, _Outline)
        yield _Outline() if one is None else one


def _note(one: _Outline, found: BundleSurvey) -> None:
    if one.type == "malware":
        found.malware[as_text(one.id)] = as_text(one.name).strip()[:LONGEST_LABEL]
    elif one.type == "marking-definition":
        level = _level(one)
        if level is not None:
            found.markings[as_text(one.id)] = level
    elif one.relationship_type == "indicates" and as_text(one.target_ref).startswith("malware--"):
        found.indicates.setdefault(as_text(one.source_ref), one.target_ref)


def _versions(objects: Sequence[msgspec.Raw], again: set[int]) -> dict[str, StixVersion]:
    newest: dict[str, StixVersion] = {}
    counts: dict[str, int] = {}
    for number, one in enumerate(_outlines(objects), start=1):
        if one.type == "indicator" and as_text(one.id) and hash(one.id) in again:
            version = StixVersion(instant_us(one.modified) or 0, number, one.revoked is True)
            newest[one.id] = max(newest.get(one.id, version), version)
            counts[one.id] = counts.get(one.id, 0) + 1
    return {stix_id: version for stix_id, version in newest.items() if counts[stix_id] > 1}


def _level(one: _Outline) -> Tlp | None:
    """Return the TLP level of a marking definition, of whatever id and version of TLP."""
    said = [as_text(one.id), as_text(one.name)]
    extensions = (decoded(one.extensions, dict[str, Any]) or {}).values()
    for value in (decoded(one.definition, dict[str, Any]), *extensions):
        if isinstance(value, dict):
            said += [f"tlp:{as_text(value.get(key))}" for key in ("tlp", "tlp_2_0")]
    return tlp_of(said)


MOST_CHECKED = 500_000
"""How much of the patterns of one list is held against the grammar, in characters; then none."""

_LOOKS = re.compile(r'"type"\s*:\s*"bundle"|"id"\s*:\s*"(?:indicator|bundle)--|"pattern_type"\s*:')
_LONGEST_WORD, _MOST_WORDS = 200, 100
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
            yield ListRow(number, excerpt(raw), "", refused=RefusalReason.UNPARSABLE)
        elif one.type == "indicator":
            reading = _pattern(one, check=spent < MOST_CHECKED)
            # Whatever was refused may have been through the parser, which is slow.
            spent += len(as_text(one.pattern)) if reading.refused else 0
            claim = _past_claim(number, one, known, replaced_by) or _claim(one, known)
            yield from _indicator_rows(number, one, reading, claim)
        else:
            yield from _context_rows(number, one)


def _successors(
    objects: Sequence[msgspec.Raw], known: BundleSurvey, options: ListOptions
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
    number: int, one: _Object, known: BundleSurvey, replaced_by: dict[str, str]
) -> Claim | None:
    """Return what there is to say of an object of which a newer version stands there too."""
    newest = known.versions.get(as_text(one.id))
    if newest is None or newest.number == number:
        return None
    if newest.revoked:
        return Claim(status=IndicatorStatus.WITHDRAWN)
    return Claim(status=IndicatorStatus.REPLACED, replaced_by=replaced_by.get(one.id, ""))


def _pattern(one: _Object, *, check: bool) -> PatternReading:
    pattern = as_text(one.pattern)
    if not pattern:
        return PatternReading(refused=RefusalReason.UNPARSABLE)
    # STIX 2.0 has no other kind of pattern, and does not say so.
    if one.pattern_type not in (None, "stix"):
        return PatternReading(refused=RefusalReason.NOT_APPLIED)
    if _said(_words(one))[1]:
        return PatternReading(refused=RefusalReason.EXCEPTION)
    return read_pattern(pattern, check=check)


def _words(one: _Object) -> tuple[str, ...]:
    phases = [as_text(phase.get("phase_name")) for phase in as_dicts(one.kill_chain_phases)]
    words = (*as_texts(one.indicator_types), *as_texts(one.labels), *phases)
    # Cut, for they are kept in a cache.
    return tuple(word[:_LONGEST_WORD] for word in words[:_MOST_WORDS])


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
            yield ListRow(number, f"{kind}: {value}", as_text(value), refused=RefusalReason.CONTEXT)
        elif kind == "file" and isinstance(hashes, dict):
            for name, digest in hashes.items():
                text = f"file {name}: {digest}"
                yield ListRow(number, text, as_text(digest), refused=RefusalReason.CONTEXT)


def _claim(one: _Object, known: BundleSurvey) -> Claim:
    until_us = instant_us(one.valid_until)
    return Claim(
        of_class=_said(_words(one))[0],
        family=known.family(as_text(one.id)),
        label=_label(one),
        confidence=as_percent(one.confidence),
        tlp=known.level(_markings(one)),
        status=IndicatorStatus.WITHDRAWN if one.revoked is True else IndicatorStatus.ACTIVE,
        valid_from_us=instant_us(one.valid_from),
        # "The time at which this Indicator should no longer be considered valid" (STIX 2.1, 4.7).
        valid_until_us=None if until_us is None else until_us - 1,
    )


def _label(one: _Object) -> str:
    said = (as_text(one.name), as_text(one.description), ", ".join(as_texts(one.labels)))
    return next((text for text in said if text), "").strip()[:LONGEST_LABEL]


def _markings(one: _Object) -> list[str]:
    refs = as_texts(one.object_marking_refs)
    if one.granular_markings is None:
        return refs
    return refs + [
        as_text(marking.get("marking_ref")) for marking in as_dicts(one.granular_markings)
    ]
