"""MISP event as JSON, with lasting ids. Source: MISP core format (draft-00 of the IETF series)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import reduce
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from quetsach.blocklists.contract import (
    WITHOUT_FINGERPRINTS,
    BlockEntry,
    Files,
    Output,
    ReleaseSummary,
)
from quetsach.blocklists.entries import json_text
from quetsach.blocklists.never_block import host_of
from quetsach.blocklists.stix_objects import url_with_scheme
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorStatus, MatchRule, Tlp
from quetsach.indicators.restriction import stricter
from quetsach.indicators.vocabulary import LABEL_OF, misp_type

_OUR_IDS = uuid5(NAMESPACE_URL, "urn:quetsach:misp")
_HIGH = "1"
_COMPLETE = "2"
_OWN_ORGANISATION_ONLY = "0"


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {f"{about.name}.misp.json": _event(entries, about, withdraw=False)}


def _undo(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {"undo.misp.json": _event(entries, about, withdraw=True)}


def _event(entries: Sequence[BlockEntry], about: ReleaseSummary, *, withdraw: bool) -> str:
    event = {
        "uuid": str(uuid5(_OUR_IDS, about.name)),
        "info": about.title or f"{about.mark}",
        "date": about.at.date().isoformat(),
        "timestamp": str(about.at_us // 1_000_000 + withdraw),
        "threat_level_id": _HIGH,
        "analysis": _COMPLETE,
        "distribution": _OWN_ORGANISATION_ONLY,
        "published": False,
        "Tag": [
            {"name": f'quetsach:list="{about.list_id}"'},
            *misp_event_tags(about.title, (block.indicator.claim.tlp for block in entries)),
        ],
        "Attribute": [_attribute(block, about, withdraw=withdraw) for block in entries],
    }
    return json_text({"Event": event})


def _attribute(block: BlockEntry, about: ReleaseSummary, *, withdraw: bool) -> dict[str, Any]:
    indicator = block.indicator
    claim = indicator.claim
    gone = withdraw or claim.status in (IndicatorStatus.WITHDRAWN, IndicatorStatus.REPLACED)
    over = claim.status is IndicatorStatus.EXPIRED
    attribute: dict[str, Any] = {
        "uuid": str(
            uuid5(_OUR_IDS, f"{about.name} {indicator.kind} {indicator.rule} {indicator.key}")
        ),
        "type": misp_type(indicator),
        "category": "Payload delivery"
        if indicator.kind is IndicatorKind.HASH
        else "Network activity",
        "value": misp_value(indicator),
        "to_ids": not (gone or over),
        "deleted": gone,
        "timestamp": str(about.at_us // 1_000_000 + withdraw),
        "distribution": "5",
        "comment": " ".join(part for part in (claim.family, claim.label) if part),
    }
    for field, at_us in (("first_seen", claim.valid_from_us), ("last_seen", claim.last_seen_us)):
        if at_us is not None:
            attribute[field] = datetime.fromtimestamp(at_us // 1_000_000, UTC).isoformat()
    tags = [f"tlp:{claim.tlp.value}"] if claim.tlp is not None else []
    label = LABEL_OF[claim.of_class]
    if label is not None:
        tags.append(label)
    if tags:
        attribute["Tag"] = [{"name": tag} for tag in tags]
    return attribute


def misp_event_tags(campaign: str, levels: Iterable[Tlp | None]) -> list[dict[str, str]]:
    """Return the tags of an event: the strictest level of its attributes, and the campaign."""
    tlp = reduce(stricter, levels, None)
    tags = [] if tlp is None else [f"tlp:{tlp.value}"]
    # A machine tag has its value in quotes, and no way to write one inside.
    words = " ".join(campaign.replace('"', "'").split())[:200]
    if words:
        tags.append(f'quetsach:campaign="{words}"')
    return [{"name": tag} for tag in tags]


def misp_value(indicator: Indicator) -> str:
    """Return the value of the attribute: a URL with its scheme, a port after a bar."""
    if indicator.kind is IndicatorKind.URL:
        return url_with_scheme(indicator)
    if indicator.rule is MatchRule.IP_PORT:
        return f"{host_of(indicator)}|{indicator.port}"
    return indicator.key


OUTPUT = Output(
    name="misp",
    title=N_("MISP event (JSON)"),
    covers=WITHOUT_FINGERPRINTS,
    render=_render,
    undo=_undo,
    use=N_(
        "Import it in MISP: Add Event, Populate from, MISP JSON; it is not published automatically."
    ),
    undo_by=N_("Import undo.misp.json: the same attributes, deleted."),
    limits=N_("Ids stay the same from release to release, so an import updates the event."),
    ports=True,
    exchange=True,
    past=True,
    comment="",
)
