"""MISP as JSON: events, the answers of its search, and the parts of a feed."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from quetsach.errors.exceptions import Problem
from quetsach.indicators.formats.contract import FormReading, ListFile, ListRow
from quetsach.indicators.formats.misp import MispAttribute, attribute_rows, is_type
from quetsach.indicators.formats.records import (
    as_dicts,
    as_flag,
    as_text,
    damage,
    decoded,
    excerpt,
    head_text,
    items,
    json_buffer,
)
from quetsach.indicators.options import RefusalReason

_LOOKS = re.compile(r'"(?:Event|Attribute|ShadowAttribute)"\s*:\s*[\[{]')
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MANIFEST_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*\{\s*"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"\s*:'
)
_THREAT_LEVELS = {"1": "high", "2": "medium", "3": "low"}  # 4 is "undefined"
_MOST_PROBED = 20
_DEEPEST = 4
_LONGEST_PLACE = 200
_LONGEST_TAG, _MOST_TAGS = 300, 500
_NOTHING = msgspec.Raw()


class _Answer(msgspec.Struct, rename="pascal"):
    event: msgspec.Raw = _NOTHING
    attribute: msgspec.Raw = _NOTHING
    response: msgspec.Raw = msgspec.field(default=_NOTHING, name="response")


class _Event(msgspec.Struct, rename="pascal"):
    attribute: msgspec.Raw = _NOTHING
    object: msgspec.Raw = _NOTHING
    shadow_attribute: msgspec.Raw = _NOTHING
    tag: Any = None
    orgc: Any = None
    uuid: Any = msgspec.field(default=None, name="uuid")
    info: msgspec.Raw = msgspec.field(default=_NOTHING, name="info")
    threat_level_id: Any = msgspec.field(default=None, name="threat_level_id")


class _Attribute(msgspec.Struct, rename="pascal"):
    shadow_attribute: msgspec.Raw = _NOTHING
    tag: Any = None
    event: Any = None
    type: Any = msgspec.field(default=None, name="type")
    value: Any = msgspec.field(default=None, name="value")
    to_ids: Any = msgspec.field(default=None, name="to_ids")
    deleted: Any = msgspec.field(default=None, name="deleted")
    comment: Any = msgspec.field(default=None, name="comment")
    last_seen: Any = msgspec.field(default=None, name="last_seen")


class _Object(msgspec.Struct, rename="pascal"):
    attribute: msgspec.Raw = _NOTHING
    deleted: Any = msgspec.field(default=None, name="deleted")
    comment: Any = msgspec.field(default=None, name="comment")


class _Around(NamedTuple):
    """The event data that apply to an attribute."""

    tags: tuple[str, ...] = ()
    label: str = ""
    place: str = ""
    comment: str = ""
    deleted: bool = False
    proposed: bool = False


class MispEvent:
    """MISP events and attributes as JSON."""

    name = "misp"
    title = "MISP event, feed event, search answer (JSON)"
    reads = (
        "attributes marked to_ids, also those of objects: `domain` with its subdomains, `hostname` "
        "exactly; tags give TLP, malware and class; deleted ones are kept as withdrawn"
    )

    def read(self, file: ListFile) -> FormReading | None:
        """Return a row for each value of each attribute, marked for detection or not."""
        buffer = json_buffer(file)
        if buffer is None:
            return None
        if _is_manifest(buffer):
            # In the folder of a feed the manifest is expected beside its events.
            problem = Problem("E211", file.name)
            return FormReading((), problems=(problem,) if file.named else ())
        events = _events(buffer)
        if events is None:
            if not _LOOKS.search(head_text(file)):
                return None
            reason = damage(buffer) or "Event"
            return FormReading((), problems=(Problem("E210", file.name, {"reason": reason}),))
        return FormReading(_rows(events), problems=_unmarked(file, events))


def _is_manifest(buffer: bytes) -> bool:
    if not _MANIFEST_HEAD.match(bytes(buffer[:256])):
        return False
    entries = decoded(buffer, dict[str, msgspec.Raw])
    return entries is not None and all(map(_UUID.fullmatch, entries))


def _events(buffer: bytes | msgspec.Raw, depth: int = 0) -> list[msgspec.Raw] | None:
    """Return the events in `buffer`, undecoded; bare attributes form an event without a name."""
    if depth > _DEEPEST:
        return None
    listed = items(buffer)
    if listed is not None:
        if not any(_events(part, depth + 1) for part in listed[:_MOST_PROBED]):
            return [] if depth and not listed else None
        return [event for part in listed for event in _events(part, depth + 1) or [part]]
    answer = decoded(buffer, _Answer)
    if answer is None:
        return None
    if _stands(answer.response):
        return _events(answer.response, depth + 1)
    if _stands(answer.event):
        return [answer.event]
    whole = decoded(buffer, msgspec.Raw)
    return [whole] if whole is not None and _stands(answer.attribute) else None


def _stands(raw: msgspec.Raw) -> bool:
    return len(memoryview(raw)) > 0


def _unmarked(file: ListFile, events: Sequence[msgspec.Raw]) -> tuple[Problem, ...]:
    """Return E212 where no attribute of a supported type is marked for detection."""
    count = 0
    for _around, attribute in _attributes(events):
        if isinstance(attribute, _Attribute) and is_type(as_text(attribute.type)):
            if as_flag(attribute.to_ids):
                return ()
            count += 1
    return (Problem("E212", file.name, {"count": count}),) if count else ()


def _rows(events: Sequence[msgspec.Raw]) -> Iterator[ListRow]:
    for number, (around, attribute) in enumerate(_attributes(events), start=1):
        if (
            isinstance(attribute, _Attribute)
            and as_text(attribute.type)
            and as_text(attribute.value)
        ):
            yield from attribute_rows(number, _attribute(attribute, around))
        else:
            text = (
                f"{attribute.type}: {attribute.value}"
                if isinstance(attribute, _Attribute)
                else excerpt(attribute)
            )
            yield ListRow(number, text, "", refused=RefusalReason.UNPARSABLE, place=around.place)


def _attribute(attribute: _Attribute, around: _Around) -> MispAttribute:
    # In a response of attributes each has its event; in an event all share it.
    event = _around_attribute(attribute.event) if isinstance(attribute.event, dict) else around
    return MispAttribute(
        type=attribute.type,
        value=attribute.value,
        # A proposal has not been accepted by the owner of the event.
        to_ids=as_flag(attribute.to_ids) and not around.proposed,
        proposed=around.proposed,
        deleted=as_flag(attribute.deleted) or around.deleted,
        comment=as_text(attribute.comment) or around.comment,
        tags=_tags(attribute.tag),
        event_tags=event.tags,
        label=event.label,
        place=event.place,
        last_seen=as_text(attribute.last_seen),
    )


def _attributes(
    events: Sequence[msgspec.Raw],
) -> Iterator[tuple[_Around, _Attribute | msgspec.Raw]]:
    """Return each attribute with its event data; undecoded where it is invalid."""
    for raw in events:
        event = decoded(raw, _Event)
        if event is None or not any(map(_stands, (event.attribute, event.object, event.info))):
            yield _Around(), raw
            continue
        around = _around_event(event)
        yield from _listed(event.attribute, around)
        yield from _listed(event.shadow_attribute, around._replace(proposed=True))
        for inner in _several(event.object):
            holder = decoded(inner, _Object)
            if holder is None:
                yield around, inner
                continue
            within = around._replace(
                deleted=as_flag(holder.deleted), comment=as_text(holder.comment)
            )
            yield from _listed(holder.attribute, within)


def _listed(
    raw: msgspec.Raw, around: _Around
) -> Iterator[tuple[_Around, _Attribute | msgspec.Raw]]:
    for part in _several(raw):
        attribute = decoded(part, _Attribute)
        if attribute is None:
            yield around, part
            continue
        yield around, attribute
        if _stands(attribute.shadow_attribute) and not around.proposed:
            yield from _listed(attribute.shadow_attribute, around._replace(proposed=True))


def _several(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """Return the items of a list; any other value as a single item, and null as none."""
    listed = items(raw)
    if listed is not None:
        return listed
    return [raw] if _stands(raw) and bytes(memoryview(raw)) != b"null" else []


def _around_event(event: _Event) -> _Around:
    info = decoded(event.info, str) or ""
    return _Around(_tags(event.tag), info, _place(event.uuid, event.orgc, event.threat_level_id))


def _around_attribute(event: dict[str, Any]) -> _Around:
    place = _place(event.get("uuid"), event.get("Orgc"), event.get("threat_level_id"))
    return _Around(_tags(event.get("Tag")), as_text(event.get("info")), place)


def _place(uuid: Any, creator: Any, threat_level: Any) -> str:
    """Return the place of an attribute in MISP's terms, which are not translated."""
    name = as_text(creator.get("name")) if isinstance(creator, dict) else ""
    level = _THREAT_LEVELS.get(str(threat_level)[:3], "")
    parts = [
        f"MISP event {as_text(uuid)}" if as_text(uuid) else "",
        name,
        f"threat level {level}" if level else "",
    ]
    return ", ".join(part for part in parts if part)[:_LONGEST_PLACE]


def _tags(tags: Any) -> tuple[str, ...]:
    # Cut, for what tags say is kept in a cache.
    names = (as_text(tag.get("name"))[:_LONGEST_TAG] for tag in as_dicts(tags))
    return tuple(islice(names, _MOST_TAGS))
