"""STIX 2.1 bundle: an indicator object each, with lasting ids. Source: OASIS, STIX 2.1."""

from collections.abc import Iterator, Sequence
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
from quetsach.blocklists.stix_objects import (
    identity_object,
    marked,
    marking_objects,
    pattern_of,
    stix_time,
    validity,
)
from quetsach.clocks import MICROSECONDS
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorStatus
from quetsach.indicators.vocabulary import INDICATOR_TYPE_OF, LABEL_OF

MOST_SOURCES = 20
"""How many sources of one indicator are named."""

_OUR_IDS = uuid5(NAMESPACE_URL, "urn:quetsach:indicators")


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {f"{about.name}.stix.json": _bundle(entries, about, withdraw=False)}


def _undo(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {"undo.stix.json": _bundle(entries, about, withdraw=True)}


def _bundle(entries: Sequence[BlockEntry], about: ReleaseSummary, *, withdraw: bool) -> str:
    maker = _maker(about)
    levels = {block.indicator.claim.tlp for block in entries}
    objects = [maker, *marking_objects(levels)]
    objects += [_object(block, about, withdraw=withdraw) for block in entries]
    bundle_id = uuid5(_OUR_IDS, f"bundle {about.list_id} {about.at_us} {withdraw}")
    bundle = {"type": "bundle", "id": f"bundle--{bundle_id}", "objects": objects}
    return json_text(bundle)


def _maker(about: ReleaseSummary) -> dict[str, Any]:
    return identity_object(uuid5(_OUR_IDS, "identity " + about.name), about.mark)


def _object(block: BlockEntry, about: ReleaseSummary, *, withdraw: bool) -> dict[str, Any]:
    indicator = block.indicator
    claim = indicator.claim
    identity = f"{about.name} {indicator.kind} {indicator.rule} {indicator.key}"
    stix_object: dict[str, Any] = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid5(_OUR_IDS, identity)}",
        "created_by_ref": _maker(about)["id"],
        "created": stix_time(block.since_us),
        # The undoing one must be newer than what it undoes.
        "modified": stix_time(about.at_us + (1000 if withdraw else 0)),
        "name": indicator.shown[:250],
        "indicator_types": [INDICATOR_TYPE_OF[claim.of_class]],
        "pattern": pattern_of(indicator),
        "pattern_type": "stix",
        **_validity(block, about),
        **marked(claim.tlp),
    }
    if withdraw or claim.status in (IndicatorStatus.WITHDRAWN, IndicatorStatus.REPLACED):
        stix_object["revoked"] = True
    if claim.confidence is not None:
        stix_object["confidence"] = claim.confidence
    labels = [label for label in (LABEL_OF[claim.of_class], claim.family) if label]
    if labels:
        stix_object["labels"] = labels
    description = " ".join(part for part in (claim.family, claim.label) if part)
    if description:
        stix_object["description"] = description
    if indicator.origins:
        stix_object["external_references"] = list(_sources(indicator))
    return stix_object


def _validity(block: BlockEntry, about: ReleaseSummary) -> dict[str, str]:
    """Return from when until when: where the list names no end, the release's end is that."""
    claim = block.indicator.claim
    begin_us, end_us = claim.valid_from_us, claim.valid_until_us
    if begin_us is None:
        # STIX asks for a beginning, and it stands before the end.
        begin_us = block.since_us if end_us is None else min(block.since_us, end_us - 1000)
    stated = validity(begin_us, end_us)
    if "valid_until" in stated:
        return stated
    # None stated, or a list that closes before it opens and so says nothing of when it ends.
    days_us = round((about.expires - about.at).total_seconds()) * MICROSECONDS
    return validity(begin_us, max(begin_us, about.at_us) + days_us)


def _sources(indicator: Indicator) -> Iterator[dict[str, Any]]:
    for origin in indicator.origins[:MOST_SOURCES]:
        row_text = f"row {origin.row}" if origin.row else ""
        where = ", ".join(part for part in (origin.letter, origin.place, row_text) if part)
        source = {"source_name": origin.list_name or "list"}
        yield source | ({"description": where} if where else {})


OUTPUT = Output(
    name="stix",
    title=N_("STIX 2.1 bundle"),
    covers=WITHOUT_FINGERPRINTS,
    render=_render,
    undo=_undo,
    use=N_("Import it into a platform for threat intelligence, or put it on a TAXII server."),
    undo_by=N_("Import undo.stix.json: the same objects, revoked."),
    limits=N_("Ids stay the same from release to release, so an import updates existing objects."),
    ports=True,
    exchange=True,
    past=True,
    comment="",
)
