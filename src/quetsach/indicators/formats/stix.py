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

_STIX_ID = re.compile(r"[a-z0-9-]{1,250}--[0-9a-fA-F-]{36}")
_ENVELOPE_KEYS = {"more", "next", "objects", "id", "type", "spec_version"}
_MOST_PROBED = 20
_SECRECY = tuple(Tlp)


class _Envelope(msgspec.Struct):
    type: Any = None
    id: Any = None
    objects: msgspec.Raw = msgspec.Raw()


class _Outline(msgspec.Struct):
    """The fields for a first pass over every object: versions, malware, markings, relationships."""

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
    """The objects of a bundle other than indicators.

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
        levels = [level for ref in refs if (level := self.markings.get(ref)) is not None]
        return max(levels, key=_SECRECY.index, default=None)


def stix_objects(buffer: bytes) -> list[msgspec.Raw] | None:
    """Return the STIX objects in the JSON `buffer`, or None where it is damaged or no STIX."""
    if bytes(buffer[:256]).lstrip()[:1] == b"[":
        objects = items(buffer)
        return objects if objects and _is_stix(objects[0]) else None
    envelope = decoded(buffer, _Envelope)
    if envelope is None:
        return None
    stix_id = as_text(envelope.id)
    is_bundle = envelope.type == "bundle" or stix_id.startswith("bundle--")
    if is_bundle and not len(memoryview(envelope.objects)):
        return []
    if not is_bundle and _STIX_ID.fullmatch(stix_id):
        return items(b"[" + bytes(buffer) + b"]")
    objects = items(envelope.objects)
    if is_bundle or not objects:
        return objects if is_bundle or _is_empty_answer(buffer) else None
    return objects if any(map(_is_stix, objects[:_MOST_PROBED])) else None


def survey(objects: Sequence[msgspec.Raw]) -> BundleSurvey:
    """Return what is needed before the first indicator is read."""
    bundle = BundleSurvey()
    hashes: set[int] = set()
    again: set[int] = set()
    for outline in _outlines(objects):
        if outline.type == "indicator" and as_text(outline.id):
            # Hashes of ids, for a bundle may have a million; a wrong hit costs a second look.
            hashed = hash(outline.id)
            (again if hashed in hashes else hashes).add(hashed)
        else:
            _note(outline, bundle)
    if again:
        bundle.versions.update(_versions(objects, again))
    return bundle


def _is_stix(raw: msgspec.Raw) -> bool:
    outline = decoded(raw, _Outline)
    if outline is None:
        return False
    kind = as_text(outline.type)
    return bool(kind) and as_text(outline.id).startswith(f"{kind}--")


def _is_empty_answer(buffer: bytes) -> bool:
    keys = decoded(buffer, dict[str, msgspec.Raw])
    return keys is not None and "objects" in keys and set(keys) <= _ENVELOPE_KEYS


def _outlines(objects: Sequence[msgspec.Raw]) -> Iterator[_Outline]:
    for raw in objects:
        outline = decoded(raw, _Outline)
        yield _Outline() if outline is None else outline


def _note(outline: _Outline, bundle: BundleSurvey) -> None:
    if outline.type == "malware":
        bundle.malware[as_text(outline.id)] = as_text(outline.name).strip()[:LONGEST_LABEL]
    elif outline.type == "marking-definition":
        level = _level(outline)
        if level is not None:
            bundle.markings[as_text(outline.id)] = level
    elif outline.relationship_type == "indicates" and as_text(outline.target_ref).startswith(
        "malware--"
    ):
        bundle.indicates.setdefault(as_text(outline.source_ref), outline.target_ref)


def _versions(objects: Sequence[msgspec.Raw], again: set[int]) -> dict[str, StixVersion]:
    newest: dict[str, StixVersion] = {}
    counts: dict[str, int] = {}
    for number, outline in enumerate(_outlines(objects), start=1):
        if outline.type == "indicator" and as_text(outline.id) and hash(outline.id) in again:
            version = StixVersion(
                instant_us(outline.modified) or 0, number, outline.revoked is True
            )
            newest[outline.id] = max(newest.get(outline.id, version), version)
            counts[outline.id] = counts.get(outline.id, 0) + 1
    return {stix_id: version for stix_id, version in newest.items() if counts[stix_id] > 1}


def _level(outline: _Outline) -> Tlp | None:
    """Return the TLP level of a marking definition, of whatever id and version of TLP."""
    tags = [as_text(outline.id), as_text(outline.name)]
    extensions = (decoded(outline.extensions, dict[str, Any]) or {}).values()
    for value in (decoded(outline.definition, dict[str, Any]), *extensions):
        if isinstance(value, dict):
            tags += [f"tlp:{as_text(value.get(key))}" for key in ("tlp", "tlp_2_0")]
    return tlp_of(tags)


MOST_CHECKED = 500_000
"""How much of the patterns of one list is checked with the grammar, in characters."""

_LOOKS = re.compile(r'"type"\s*:\s*"bundle"|"id"\s*:\s*"(?:indicator|bundle)--|"pattern_type"\s*:')
_LONGEST_WORD, _MOST_WORDS = 200, 100
_SCO_VALUES = ("ipv4-addr", "ipv6-addr", "domain-name", "url")


class _Object(msgspec.Struct):
    """The fields read from an object; each may be of any type, since the input is untrusted."""

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
        "indicators with simple patterns, names matched exactly for `=`, with validity, TLP and "
        "malware; patterns of several conditions are listed as not applied"
    )

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value of each indicator, and for each observable beside them."""
        buffer = json_buffer(file)
        if buffer is None:
            return None
        objects = stix_objects(buffer)
        if objects is None:
            return _damaged(file, buffer)
        return FormReading(_rows(objects, file.options))


def _damaged(file: ListFile, buffer: bytes) -> FormReading | None:
    if not _LOOKS.search(head_text(file)):
        return None
    reason = damage(buffer) or "objects"
    return FormReading((), problems=(Problem("E210", file.name, {"reason": reason}),))


def _rows(objects: Sequence[msgspec.Raw], options: ListOptions) -> Iterator[ListRow]:
    bundle = survey(objects)
    replaced_by = _successors(objects, bundle, options)
    spent = 0
    for number, raw in enumerate(objects, start=1):
        stix_object = decoded(raw, _Object)
        if stix_object is None or not as_text(stix_object.type):
            yield ListRow(number, excerpt(raw), "", refused=RefusalReason.UNPARSABLE)
        elif stix_object.type == "indicator":
            reading = _pattern(stix_object, check=spent < MOST_CHECKED)
            # Whatever was refused may have been through the parser, which is slow.
            spent += len(as_text(stix_object.pattern)) if reading.refused else 0
            claim = _past_claim(number, stix_object, bundle, replaced_by) or _claim(
                stix_object, bundle
            )
            yield from _indicator_rows(number, stix_object, reading, claim)
        else:
            yield from _context_rows(number, stix_object)


def _successors(
    objects: Sequence[msgspec.Raw], bundle: BundleSurvey, options: ListOptions
) -> dict[str, str]:
    """Return, by id, the key in the newest of several versions, if it has exactly one."""
    successors = {}
    for stix_id, version in bundle.versions.items():
        stix_object = decoded(objects[version.number - 1], _Object)
        values = () if stix_object is None else _pattern(stix_object, check=False).values
        parsed = parse_value(values[0].value, options).values if len(values) == 1 else ()
        if len(parsed) == 1:
            successors[stix_id] = with_port(parsed[0], values[0].port).key
    return successors


def _past_claim(
    number: int, stix_object: _Object, bundle: BundleSurvey, replaced_by: dict[str, str]
) -> Claim | None:
    """Return the claim for an object of which the bundle contains a newer version."""
    newest = bundle.versions.get(as_text(stix_object.id))
    if newest is None or newest.number == number:
        return None
    if newest.revoked:
        return Claim(status=IndicatorStatus.WITHDRAWN)
    return Claim(status=IndicatorStatus.REPLACED, replaced_by=replaced_by.get(stix_object.id, ""))


def _pattern(stix_object: _Object, *, check: bool) -> PatternReading:
    pattern = as_text(stix_object.pattern)
    if not pattern:
        return PatternReading(refused=RefusalReason.UNPARSABLE)
    # STIX 2.0 has no other kind of pattern, and no field for it.
    if stix_object.pattern_type not in (None, "stix"):
        return PatternReading(refused=RefusalReason.NOT_APPLIED)
    if _class_and_benign(_words(stix_object))[1]:
        return PatternReading(refused=RefusalReason.EXCEPTION)
    return read_pattern(pattern, check=check)


def _words(stix_object: _Object) -> tuple[str, ...]:
    phases = [as_text(phase.get("phase_name")) for phase in as_dicts(stix_object.kill_chain_phases)]
    words = (*as_texts(stix_object.indicator_types), *as_texts(stix_object.labels), *phases)
    # Cut, for they are kept in a cache.
    return tuple(word[:_LONGEST_WORD] for word in words[:_MOST_WORDS])


@lru_cache(maxsize=4096)
def _class_and_benign(words: tuple[str, ...]) -> tuple[IndicatorClass, bool]:
    """Return the class, and whether the words mark the indicator as harmless."""
    lowered = {word.lower() for word in words}
    benign = bool(lowered & BENIGN_TYPES) and not lowered & {"malicious-activity", "compromised"}
    return class_of(words), benign


def _indicator_rows(
    number: int, stix_object: _Object, reading: PatternReading, claim: Claim
) -> Iterator[ListRow]:
    text = as_text(stix_object.pattern) or as_text(stix_object.name) or as_text(stix_object.id)
    if reading.refused is not None:
        yield ListRow(number, text, "", refused=reading.refused)
    for value, port, rule in reading.values:
        yield ListRow(number, text, value, port, rule, claim)


def _context_rows(number: int, stix_object: _Object) -> Iterator[ListRow]:
    """Return the values of an observable as context: an observation alone is not an indicator."""
    observables = [
        {"type": stix_object.type, "value": stix_object.value, "hashes": stix_object.hashes}
    ]
    if stix_object.type == "observed-data" and isinstance(stix_object.objects, dict):
        observables = list(as_dicts(list(stix_object.objects.values())))
    for observable in observables:
        kind, hashes = as_text(observable.get("type")), observable.get("hashes")
        if kind in _SCO_VALUES:
            value = observable.get("value")
            yield ListRow(number, f"{kind}: {value}", as_text(value), refused=RefusalReason.CONTEXT)
        elif kind == "file" and isinstance(hashes, dict):
            for name, digest in hashes.items():
                text = f"file {name}: {digest}"
                yield ListRow(number, text, as_text(digest), refused=RefusalReason.CONTEXT)


def _claim(stix_object: _Object, bundle: BundleSurvey) -> Claim:
    until_us = instant_us(stix_object.valid_until)
    return Claim(
        of_class=_class_and_benign(_words(stix_object))[0],
        family=bundle.family(as_text(stix_object.id)),
        label=_label(stix_object),
        confidence=as_percent(stix_object.confidence),
        tlp=bundle.level(_markings(stix_object)),
        status=IndicatorStatus.WITHDRAWN if stix_object.revoked is True else IndicatorStatus.ACTIVE,
        valid_from_us=instant_us(stix_object.valid_from),
        # "The time at which this Indicator should no longer be considered valid" (STIX 2.1, 4.7).
        valid_until_us=None if until_us is None else until_us - 1,
    )


def _label(stix_object: _Object) -> str:
    texts = (
        as_text(stix_object.name),
        as_text(stix_object.description),
        ", ".join(as_texts(stix_object.labels)),
    )
    return next((text for text in texts if text), "").strip()[:LONGEST_LABEL]


def _markings(stix_object: _Object) -> list[str]:
    refs = as_texts(stix_object.object_marking_refs)
    if stix_object.granular_markings is None:
        return refs
    return refs + [
        as_text(marking.get("marking_ref")) for marking in as_dicts(stix_object.granular_markings)
    ]
