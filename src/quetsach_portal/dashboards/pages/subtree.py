"""A unit and its whole subtree as one table: what was received, and the reported figures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from django.utils.translation import gettext as _

from quetsach.api import sheets
from quetsach.api.reports import AbsenceReason, absent_words
from quetsach.api.reports import TableCount as Counted
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    Phase,
    ReportCounter,
)
from quetsach_portal.followup.queries import children_of
from quetsach_portal.people.roles.scope import below
from quetsach_portal.reports.models.report import COUNTS, ReportFigure, ReportVersion
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.web.paging import Row, TableFile

# A unit and its children, each with its subtree, as a table for other programs.


STEPS = ("units", "told", "received", "deployed")
REPORTS = ("expected", "excused", "reported", "on_time", "nil", "signed")
KEYS = ("name", "code", *STEPS, *REPORTS, "share_reported")


def table_of(node: CampaignNode, phase: Phase | None) -> TableFile:
    """Return the unit's row, then one of each unit directly below. Cost: three queries."""
    nodes = [node, *children_of(node)]
    slots = {one.node_id: one for one in ReportCounter.objects.filter(phase=phase, node__in=nodes)}
    return TableFile(KEYS, heads(), [figure_row(one, slots.get(one.pk)) for one in nodes])


def figure_row(node: CampaignNode, slots: ReportCounter | None) -> Row:
    """Return the counters of a unit with all below it."""
    steps = [getattr(node.tally, name) for name in STEPS]
    counts = [None if slots is None else getattr(slots, name) for name in REPORTS]
    share = None
    if slots is not None and slots.expected > 0:
        share = round(slots.reported / slots.expected, 4)
    return [node.name_at_freeze, node.unit.code, *steps, *counts, share]


def heads() -> list[str]:
    """Return the column headings."""
    named = {
        "name": _("Unit"),
        "code": _("Code"),
        "units": _("Units, with all below"),
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


KINDS = ("xlsx", "csv")
_STEP = 500


def write(out: IO[bytes], node: CampaignNode, phase: Phase | None, kind: str) -> None:
    """Write the table into `out`, row by row; no cell is a formula.

    Cost: seven queries for 500 units, and their memory.
    """
    counts = () if phase is None else form_of(campaign_form_of(phase)).counts()
    heads = [*_heads(), *(in_language(one.label) for one in counts)]
    sheets.write_table(out, heads, _rows(node, phase, counts), xlsx=kind == "xlsx")


def _rows(node: CampaignNode, phase: Phase | None, counts: Sequence[Counted]) -> Iterator[Row]:
    """Yield a row for each unit, each behind the one above it."""
    nodes = CampaignNode.objects.filter(below(node.path)).select_related(
        "unit", "tally", "parent__unit"
    )
    last = ""
    while step := list(nodes.filter(path__gt=last).order_by("path")[:_STEP]):
        last = step[-1].path
        ids = [node_below.pk for node_below in step]
        tallies = {
            node_below.node_id: node_below
            for node_below in ReportCounter.objects.filter(phase=phase, node__in=ids)
        }
        slots = {
            node_below.node_id: node_below
            for node_below in ExpectedReport.objects.filter(phase=phase, node__in=ids)
        }
        figures_by_slot = _figures_by_slot([node_below.pk for node_below in slots.values()])
        for node_below in step:
            slot = slots.get(node_below.pk)
            number, figures = (
                (None, {}) if slot is None else figures_by_slot.get(slot.pk, (None, {}))
            )
            above = "" if node_below.parent is None else node_below.parent.unit.code
            state = "" if slot is None else str(slot.get_state_display())
            plain = figure_row(node_below, tallies.get(node_below.pk))
            cells = [_cell(figures.get(count.id)) for count in counts]
            yield [
                *plain,
                above,
                node_below.depth,
                str(node_below.get_state_display()),
                state,
                number,
                *cells,
            ]


def _figures_by_slot(slots: Sequence[int]) -> Mapping[int, tuple[int, Mapping[str, ReportFigure]]]:
    """Return by slot the number of the version that counts, and its figures."""
    rows = ReportVersion.objects.filter(slot__in=slots, state__in=COUNTS).order_by("n")
    newest = {slot: (pk, n) for slot, pk, n in rows.values_list("slot_id", "pk", "n")}
    by_version: dict[int, dict[str, ReportFigure]] = {}
    figures = ReportFigure.objects.filter(version__in=[pk for pk, _n in newest.values()])
    for one in figures.defer("sketch", "words"):
        by_version.setdefault(one.version_id, {})[one.key] = one
    return {slot: (n, by_version.get(pk, {})) for slot, (pk, n) in newest.items()}


def _cell(figure: ReportFigure | None) -> str | int | None:
    """Return a total; what is not there says why, and an empty cell that nothing was accepted."""
    if figure is None:
        return None
    return figure.total if figure.total is not None else _absent(figure.absent)


def _absent(why: str) -> str | None:
    return absent_words(AbsenceReason(why)) if why else None


def _heads() -> list[str]:
    return [
        *heads(),
        _("Code of the unit above"),
        _("Levels below the lead office"),
        _("State of the unit"),
        _("State of the report"),
        _("Version accepted"),
    ]
