"""MISP event as JSON, with lasting ids. Source: MISP core format (draft-00 of the IETF series)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from quetsach.blocking.contract import About, Entry, Files, Output
from quetsach.blocking.outputs.stix import url_with_scheme
from quetsach.blocking.parts import json_text, port_parts
from quetsach.errors import N_
from quetsach.indicators.model import Indicator, Kind, Rule, Status
from quetsach.indicators.vocabulary import LABEL_OF, misp_type

_OUR_IDS = uuid5(NAMESPACE_URL, "urn:quetsach:misp")
_HIGH = "1"
_COMPLETE = "2"
_OWN_ORGANISATION_ONLY = "0"


def _render(entries: Sequence[Entry], about: About) -> Files:
    return {f"{about.name}.misp.json": _event(entries, about, withdraw=False)}


def _undo(entries: Sequence[Entry], about: About) -> Files:
    return {"undo.misp.json": _event(entries, about, withdraw=True)}


def _event(entries: Sequence[Entry], about: About, *, withdraw: bool) -> str:
    event = {
        "uuid": str(uuid5(_OUR_IDS, about.name)),
        "info": about.title or f"{about.mark}",
        "date": about.at.date().isoformat(),
        "timestamp": str(about.at_us // 1_000_000 + withdraw),
        "threat_level_id": _HIGH,
        "analysis": _COMPLETE,
        "distribution": _OWN_ORGANISATION_ONLY,
        "published": False,
        "Tag": [{"name": f'quetsach:list="{about.list_id}"'}],
        "Attribute": [_attribute(one, about, withdraw=withdraw) for one in entries],
    }
    return json_text({"Event": event})


def _attribute(entry: Entry, about: About, *, withdraw: bool) -> dict[str, Any]:
    one = entry.indicator
    claim = one.claim
    gone = withdraw or claim.status in (Status.WITHDRAWN, Status.REPLACED)
    over = claim.status is Status.EXPIRED
    said: dict[str, Any] = {
        "uuid": str(uuid5(_OUR_IDS, f"{about.name} {one.kind} {one.rule} {one.key}")),
        "type": misp_type(one),
        "category": "Payload delivery" if one.kind is Kind.HASH else "Network activity",
        "value": _value(one),
        "to_ids": not (gone or over),
        "deleted": gone,
        "timestamp": str(about.at_us // 1_000_000 + withdraw),
        "distribution": "5",
        "comment": " ".join(part for part in (claim.family, claim.label) if part),
    }
    for field, at_us in (("first_seen", claim.valid_from_us), ("last_seen", claim.valid_until_us)):
        if at_us is not None:
            said[field] = datetime.fromtimestamp(at_us // 1_000_000, UTC).isoformat()
    tags = [f"tlp:{claim.tlp.value}"] if claim.tlp is not None else []
    label = LABEL_OF[claim.of_class]
    if label is not None:
        tags.append(label)
    if tags:
        said["Tag"] = [{"name": tag} for tag in tags]
    return said


def _value(one: Indicator) -> str:
    if one.kind is Kind.URL:
        return url_with_scheme(one)
    if one.rule is Rule.IP_PORT:
        address, port = port_parts(Entry(one, 0, 0))
        return f"{address}|{port}"
    return one.key


OUTPUT = Output(
    name="misp",
    title=N_("MISP event (JSON)"),
    covers=tuple(Kind),
    render=_render,
    undo=_undo,
    use=N_(
        "Import it in MISP: Add Event, Populate from, MISP JSON; it is not published by itself."
    ),
    undo_by=N_("Import undo.misp.json: the same attributes, deleted."),
    limits=N_("Ids last from release to release, so an import updates the event."),
    ports=True,
    exchange=True,
    past=True,
    comment="",
)
