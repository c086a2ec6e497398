"""The objects of a STIX bundle, and what all of them together say of its indicators."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from quetsach.indicators.forms.json_values import as_text, decoded, instant_us, items
from quetsach.indicators.forms.plain import LONGEST_LABEL
from quetsach.indicators.model import Tlp
from quetsach.indicators.vocabulary import TLP_MARKINGS, tlp_of

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


class Version(NamedTuple):
    """The newest of several objects with one id: its time, its place from 1, and if revoked."""

    modified_us: int
    number: int
    revoked: bool


@dataclass
class Survey:
    """What a bundle says beside its indicators.

    Shapes: `malware` is names by id; `indicates` is ids of malware by those of indicators;
    `markings` is TLP levels by id; `versions` has only ids of more than one object.
    """

    malware: dict[str, str] = field(default_factory=dict)
    indicates: dict[str, str] = field(default_factory=dict)
    markings: dict[str, Tlp] = field(default_factory=lambda: dict(TLP_MARKINGS))
    versions: dict[str, Version] = field(default_factory=dict)

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


def survey(objects: Sequence[msgspec.Raw]) -> Survey:
    """Return what must be known before the first indicator is read."""
    found = Survey()
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


def _note(one: _Outline, found: Survey) -> None:
    if one.type == "malware":
        found.malware[as_text(one.id)] = as_text(one.name).strip()[:LONGEST_LABEL]
    elif one.type == "marking-definition":
        level = _level(one)
        if level is not None:
            found.markings[as_text(one.id)] = level
    elif one.relationship_type == "indicates" and as_text(one.target_ref).startswith("malware--"):
        found.indicates.setdefault(as_text(one.source_ref), one.target_ref)


def _versions(objects: Sequence[msgspec.Raw], again: set[int]) -> dict[str, Version]:
    newest: dict[str, Version] = {}
    counts: dict[str, int] = {}
    for number, one in enumerate(_outlines(objects), start=1):
        if one.type == "indicator" and as_text(one.id) and hash(one.id) in again:
            version = Version(instant_us(one.modified) or 0, number, one.revoked is True)
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
