"""A table with all data of each indicator, for people and their programs."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO

from quetsach.blocklists.contract import BlockEntry, Files, Output, ReleaseSummary
from quetsach.blocklists.stix_objects import url_with_scheme
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind
from quetsach.spreadsheet_cells import harmless_cell

COLUMNS = (
    "indicator",
    "kind",
    "rule",
    "class",
    "malware",
    "label",
    "status",
    "replaced by",
    "confidence",
    "tlp",
    "valid from",
    "valid until",
    "last seen",
    "allow classes",
    "sources",
    "list",
    "row",
    "place",
    "letter",
    "release",
)


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for block in entries:
        writer.writerow([_cell(cell) for cell in _row(block.indicator, about)])
    return {f"{about.name}.csv": text.getvalue()}


def _row(indicator: Indicator, about: ReleaseSummary) -> list[str]:
    claim = indicator.claim
    first = indicator.origins[0] if indicator.origins else None
    return [
        url_with_scheme(indicator) if indicator.kind is IndicatorKind.URL else indicator.key,
        indicator.kind,
        indicator.rule,
        claim.of_class,
        claim.family,
        claim.label,
        claim.status,
        claim.replaced_by,
        "" if claim.confidence is None else str(claim.confidence),
        "" if claim.tlp is None else claim.tlp,
        _day(claim.valid_from_us),
        _day(claim.valid_until_us),
        _day(claim.last_seen_us),
        " ".join(indicator.allow_classes),
        str(len(indicator.origins)),
        first.list_name if first else "",
        str(first.row) if first else "",
        first.place if first else "",
        first.letter if first else "",
        about.list_id,
    ]


def _day(at_us: int | None) -> str:
    if at_us is None:
        return ""
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).isoformat()


def _cell(text: str) -> str:
    flat = "".join(sign if sign.isprintable() else " " for sign in text)
    return harmless_cell(flat)


OUTPUT = Output(
    name="csv",
    title=N_("Table with all known data (CSV)"),
    covers=tuple(IndicatorKind),
    render=_render,
    use=N_("Open it in a spreadsheet, or use it as a list in another quetsach."),
    limits=N_("Also contains expired and withdrawn indicators, marked in their column."),
    ports=True,
    exchange=True,
    past=True,
    comment="",
)
