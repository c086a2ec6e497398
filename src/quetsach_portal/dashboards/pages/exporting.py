"""A unit and those directly below it, each with all below it, as a table for other programs."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from quetsach import api
from quetsach_portal.campaigns.models import CampaignNode, Phase, SlotTally
from quetsach_portal.followup.queries import children_of

STEPS = ("units", "told", "received", "deployed")
REPORTS = ("expected", "excused", "reported", "on_time", "nil", "signed")
KEYS = ("name", "code", *STEPS, *REPORTS, "share_reported")

Row = Sequence[str | int | float | None]


def rows_of(node: CampaignNode, phase: Phase | None) -> list[Row]:
    """Return the unit's row, then one of each unit directly below. Cost: three queries."""
    nodes = [node, *children_of(node)]
    slots = {one.node_id: one for one in SlotTally.objects.filter(phase=phase, node__in=nodes)}
    return [_row(one, slots.get(one.pk)) for one in nodes]


def _row(node: CampaignNode, slots: SlotTally | None) -> Row:
    steps = [getattr(node.tally, name) for name in STEPS]
    counts = [None if slots is None else getattr(slots, name) for name in REPORTS]
    share = None
    if slots is not None and slots.expected > 0:
        share = round(slots.reported / slots.expected, 4)
    return [node.name_at_freeze, node.unit.code, *steps, *counts, share]


def heads() -> list[str]:
    """Return what stands above the columns."""
    named = {
        "name": _("Unit"),
        "code": _("Code"),
        "units": _("Units"),
        "told": _("Told"),
        "received": _("Receipt confirmed"),
        "deployed": _("Deployed"),
        "expected": _("Expected reports"),
        "excused": _("Excused"),
        "reported": _("Reported"),
        "on_time": _("In time"),
        "nil": _("Nothing to report"),
        "signed": _("Signed"),
        "share_reported": _("Share reported"),
    }
    return [str(named[key]) for key in KEYS]


def _as_json(_heads: Sequence[str], rows: Sequence[Row]) -> bytes:
    told: list[dict[str, Any]] = [dict(zip(KEYS, row, strict=True)) for row in rows]
    return json.dumps({"rows": told}, ensure_ascii=False).encode()


def _as_xlsx(heads: Sequence[str], rows: Sequence[Row]) -> bytes:
    made: bytes = api.table_xlsx(heads, rows)
    return made


def _as_csv(heads: Sequence[str], rows: Sequence[Row]) -> bytes:
    made: bytes = api.table_csv(heads, rows)
    return made


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FILES: Mapping[str, tuple[str, Callable[[Sequence[str], Sequence[Row]], bytes]]] = MappingProxyType(
    {
        "xlsx": (_XLSX, _as_xlsx),
        "csv": ("text/csv; charset=utf-8", _as_csv),
        "json": ("application/json", _as_json),
    }
)
"""By the end of a file's name: its media type, and what writes it."""
