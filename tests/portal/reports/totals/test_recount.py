"""The recount finds each stored figure that its parts do not give, and repairs none."""

from quetsach.api.reports import form_json, shipped_form
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
)
from quetsach_portal.reports.models.report import (
    FigureAlarm,
    ReportFigure,
    ReportVersion,
)
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.totals.recount import check_version, recount, suspicious
from quetsach_portal.reports.writing.answers import TypedAnswer
from tests.portal.reports.acting import (
    PEOPLE,
    accepted,
    fresh,
    numbers,
    signed,
    submitted,
    total,
)
from tests.portal.reports.unguarded import Unguarded
from tests.portal.world import World


def test_changed_figure_is_found_shown_and_never_repaired(world: World) -> None:
    accepted(world, "TC01A", numbers(people="5"))
    version = signed(world, "TC01", numbers(people="3"))
    assert recount(world.campaign) == []
    with Unguarded("reports_reportfigure_no_update"):
        ReportFigure.objects.filter(version=version, key=PEOPLE).update(total=80)
    alarms = recount(world.campaign)
    assert [(one.key, one.stored, one.computed) for one in alarms] == [(PEOPLE, "80", "8")]
    assert total(version) == 80
    assert FigureAlarm.objects.count() == len(check_version(fresh(version))) == 1
    with Unguarded("reports_reportfigure_no_update"):
        ReportFigure.objects.filter(version=version, key=PEOPLE).update(total=8)
    assert recount(world.campaign) == []
    assert FigureAlarm.objects.get().closed_at is not None


def test_what_is_suspected_is_what_the_rows_say_row_by_row(world: World) -> None:
    """The slow twin goes through all rows of all versions; the database is asked for sums."""
    form = form_json(shipped_form("phu-luc-mo-rong", ("connections",))).decode()
    Campaign.objects.filter(pk=world.campaign.pk).update(form_definition=form)
    world.campaign.refresh_from_db()
    for code in ("TC01A", "TC01", "TC02"):
        # One that is not added up over units, and that each unit says of itself.
        accepted(world, code, numbers(people="5") | {"indicators_met": TypedAnswer(text="3")})
    version = submitted(world, "TC", numbers(people="1"))
    assert list(suspicious(world.campaign)) == _suspected_slowly(world) == []
    rows = ReportFigure.objects.filter(version__slot__node__campaign=world.campaign)
    below = rows.get(version__slot__node=world.nodes["TC01A"], key=PEOPLE)
    for change in (
        {"children": 11},
        {"children": None},
        {"own": 9},
        {"overlap": 1},
        {"total": 4},
        {"total": None, "absent": "missing"},
    ):
        for row in (below, version.figures.get(key=PEOPLE)):
            with Unguarded("reports_reportfigure_no_update"):
                rows.filter(pk=row.pk).update(**change)
                found = sorted(set(suspicious(world.campaign)))
                assert found == _suspected_slowly(world)
                rows.filter(pk=row.pk).update(
                    **{key: getattr(row, key) for key in change},
                )


def _suspected_slowly(world: World) -> list[int]:
    found = set()
    for version in ReportVersion.objects.filter(slot__node__campaign=world.campaign):
        added = {entry.id for entry, how in form_of(version.form).added() if how is not None}
        used = version.inputs.filter(used__in=["yes", "late"])
        totals = [dict(one.child_version.figures.values_list("key", "total")) for one in used]
        for row in version.figures.filter(key__in=added):
            told = [one[row.key] for one in totals if one.get(row.key) is not None]
            below = sum(told) if told else None
            made = (row.own or 0) + (row.children or 0) + row.adjust - row.overlap
            if row.children != below or (row.total is not None and row.total != made):
                found.add(version.pk)
    return sorted(found)


def test_changed_payload_is_found(world: World) -> None:
    version = signed(world, "TC01A")
    with Unguarded("reports_reportversion_no_update"):
        type(version).objects.filter(pk=version.pk).update(
            payload=version.payload.replace('"count":5', '"count":6')
        )
    assert [one.key for one in recount(world.campaign)] == ["*"]
