"""STIX 2.1 bundle: an indicator object each, with lasting ids. Source: OASIS, STIX 2.1."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from quetsach.addresses import parse_address
from quetsach.blocklists.contract import (
    WITHOUT_FINGERPRINTS,
    BlockEntry,
    Files,
    Output,
    ReleaseSummary,
)
from quetsach.blocklists.entries import json_text, port_parts
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, IndicatorStatus, MatchRule, Tlp
from quetsach.indicators.vocabulary import (
    HASH_TYPES,
    INDICATOR_TYPE_OF,
    LABEL_OF,
    MARKING_OF,
    STIX_HASHES,
    TLP2_CREATED,
    TLP2_EXTENSION,
)

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
    objects = [maker, *(_marking(level) for level in Tlp if level in levels)]
    objects += [_object(block, about, withdraw=withdraw) for block in entries]
    bundle_id = uuid5(_OUR_IDS, f"bundle {about.list_id} {about.at_us} {withdraw}")
    bundle = {"type": "bundle", "id": f"bundle--{bundle_id}", "objects": objects}
    return json_text(bundle)


def _maker(about: ReleaseSummary) -> dict[str, Any]:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{uuid5(_OUR_IDS, 'identity ' + about.name)}",
        # The same for ever, for an id names one object: what changes is `modified`.
        "created": TLP2_CREATED,
        "modified": TLP2_CREATED,
        "name": f"{about.mark}",
    }


def _marking(level: Tlp) -> dict[str, Any]:
    extension = {"extension_type": "property-extension", "tlp_2_0": level.value}
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": MARKING_OF[level],
        "created": TLP2_CREATED,
        "name": f"TLP:{level.value.upper()}",
        "extensions": {TLP2_EXTENSION: extension},
    }


def _object(block: BlockEntry, about: ReleaseSummary, *, withdraw: bool) -> dict[str, Any]:
    indicator = block.indicator
    claim = indicator.claim
    begin = block.since_us if claim.valid_from_us is None else claim.valid_from_us
    identity = f"{about.name} {indicator.kind} {indicator.rule} {indicator.key}"
    stix_object: dict[str, Any] = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid5(_OUR_IDS, identity)}",
        "created_by_ref": _maker(about)["id"],
        "created": _time(block.since_us),
        # The undoing one must be newer than what it undoes.
        "modified": _time(about.at_us + (1000 if withdraw else 0)),
        "name": indicator.shown[:250],
        "indicator_types": [INDICATOR_TYPE_OF[claim.of_class]],
        "pattern": pattern_of(indicator),
        "pattern_type": "stix",
        "valid_from": _time(begin),
    }
    # A source that closes before it opens says nothing of when it ends.
    if claim.valid_until_us is not None and claim.valid_until_us > begin:
        stix_object["valid_until"] = _time(claim.valid_until_us)
    if withdraw or claim.status in (IndicatorStatus.WITHDRAWN, IndicatorStatus.REPLACED):
        stix_object["revoked"] = True
    if claim.confidence is not None:
        stix_object["confidence"] = claim.confidence
    if claim.tlp is not None:
        stix_object["object_marking_refs"] = [MARKING_OF[claim.tlp]]
    labels = [label for label in (LABEL_OF[claim.of_class], claim.family) if label]
    if labels:
        stix_object["labels"] = labels
    description = " ".join(part for part in (claim.family, claim.label) if part)
    if description:
        stix_object["description"] = description
    if indicator.origins:
        stix_object["external_references"] = list(_sources(indicator))
    return stix_object


def _sources(indicator: Indicator) -> Iterator[dict[str, Any]]:
    for origin in indicator.origins[:MOST_SOURCES]:
        row_text = f"row {origin.row}" if origin.row else ""
        where = ", ".join(part for part in (origin.letter, origin.place, row_text) if part)
        source = {"source_name": origin.list_name or "list"}
        yield source | ({"description": where} if where else {})


def pattern_of(indicator: Indicator) -> str:
    """Return the STIX pattern that matches `indicator`, as far as the grammar allows."""
    if indicator.kind is IndicatorKind.HASH:
        return f"[file:hashes.{STIX_HASHES[HASH_TYPES[len(indicator.key)]]} = '{indicator.key}']"
    if indicator.kind is IndicatorKind.URL:
        return f"[url:value = {_quoted(url_with_scheme(indicator))}]"
    if indicator.kind is IndicatorKind.NAME:
        same = f"domain-name:value = {_quoted(indicator.key)}"
        # `_` matches any character in LIKE, and cannot be escaped.
        if indicator.rule is MatchRule.BELOW and "_" not in indicator.key:
            return f"[{same} OR domain-name:value LIKE {_quoted('%.' + indicator.key)}]"
        return f"[{same}]"
    if indicator.rule is MatchRule.IP_PORT and indicator.port is not None:
        address, port = port_parts(BlockEntry(indicator, 0, 0))
        reference = "network-traffic:dst_ref"
        return (
            f"[{reference}.type = '{_type(address)}' AND {reference}.value = {_quoted(address)} "
            f"AND network-traffic:dst_port = {port}]"
        )
    return f"[{_type(indicator.key)}:value = {_quoted(indicator.key)}]"


def url_with_scheme(indicator: Indicator) -> str:
    """Return the URL with the scheme that its list gave, else with http."""
    scheme, parted, _rest = indicator.shown.partition("://")
    has_scheme = parted and scheme.isascii() and scheme.isalnum() and len(scheme) < 16
    return f"{scheme.lower() if has_scheme else 'http'}://{indicator.key}"


def _type(key: str) -> str:
    address = parse_address(key.partition("/")[0])
    return "ipv4-addr" if address is not None and address.version == 4 else "ipv6-addr"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _time(at_us: int) -> str:
    when = datetime.fromtimestamp(at_us // 1000 / 1000, UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


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
