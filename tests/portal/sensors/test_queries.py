"""A unit sees its watches whole, offices above all below without places; the worst comes first."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.cases.models.case import Case
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, scope_of
from quetsach_portal.sensors import queries
from quetsach_portal.sensors.models import Sensor, SensorSeverity, SensorSource, SensorTrouble
from tests.portal.cases.rows import make_case
from tests.portal.sensors.heard import SOURCE, heard, let_time_go_by, source
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def scope(world: World, code: str, role: Role) -> Scope:
    return scope_of(world.user(code, role))


def trouble(sensor: Sensor, **more) -> SensorTrouble:
    Sensor.objects.filter(pk=sensor.pk).update(severity=SensorSeverity.ALARM)
    given = {"node": sensor.node, "sensor": sensor, "kind": "loss", "facts": {"dropped": 3}}
    return SensorTrouble.objects.create(**{**given, **more})


def views(scope: Scope) -> list[queries.SensorView]:
    return queries.views_of(scope, list(queries.sensors_for(scope)))


def test_the_worst_comes_first_and_each_sees_its_own_part_of_the_tree(world: World) -> None:
    for code in ("TC01", "TC02"):
        heard(world, code=code)
    trouble(Sensor.objects.get(node=world.nodes["TC02"]))
    lead = queries.sensors_for(scope(world, "TC", Role.LEAD_OWNER))
    assert [one.node.unit.code for one in lead] == ["TC02", "TC01"]
    unit = queries.sensors_for(scope(world, "TC01", Role.TECHNICIAN))
    assert [one.node.unit.code for one in unit] == ["TC01"]
    assert not queries.sensors_for(scope(world, "KH", Role.FOCAL_POINT))
    # Who hands in logs for an office sees its own alone, not those below.
    assert not queries.sensors_for(scope(world, "TC", Role.TECHNICIAN))
    assert [one.node.unit.code for one in queries.chosen(lead, "alarm")] == ["TC02"]
    assert queries.chosen(lead, "x").count() == 2
    counts = queries.counts_for(scope(world, "TC", Role.COMPILER))
    assert counts == {"well": 1, "off": 0, "noted": 0, "alarm": 1}


def test_offices_above_read_no_path_no_address_and_no_name_of_a_pc(world: World) -> None:
    planted = [
        {"name": "abcd1234.planted.quetsach.example", "source": origin}
        for origin in (SOURCE, "udp://10.0.0.5:514")
    ]
    heard(world, source("udp://10.0.0.5:514", file="/var/spool/a"), planted=planted)
    (own,) = views(scope(world, "TC01", Role.FOCAL_POINT))
    assert (own.sources[0].name, own.sources[0].file) == ("udp://10.0.0.5:514", "/var/spool/a")
    assert [one["name"] for one in own.planted] == ["abcd1234.planted.quetsach.example"]
    assert own.phones == []
    (seen,) = views(scope(world, "TC", Role.LEAD_OWNER))
    assert (seen.sources[0].name, seen.sources[0].file, seen.planted) == ("", "", [])
    assert (seen.is_own, list(seen.phones)) == (False, [f"0294 000 {world.units['TC01'].pk:03}"])


def test_sources_with_trouble_come_first_and_the_list_is_bounded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_SOURCES_SHOWN", 2)
    sensor = heard(world, *[source(f"/log/{number}") for number in range(4)])
    last = SensorSource.objects.get(source="/log/3")
    trouble(sensor, source=last)
    trouble(sensor, source=last, kind="clock", ended_at=timezone.now())
    (view,) = views(scope(world, "TC01", Role.FOCAL_POINT))
    assert [one.name for one in view.sources] == ["/log/3", "/log/0"]
    assert (view.more, len(view.sources[0].troubles)) == (2, 1)
    assert (view.tone, view.sources[0].tone, view.sources[1].tone) == ("bad", "bad", "good")


def test_a_source_that_the_watch_names_no_more_has_ended_and_folds_away(world: World) -> None:
    heard(world, source("udp://10.0.0.5:514"), source("/log/a"))
    let_time_go_by(timedelta(hours=1))
    heard(world, source("/log/a"))
    (view,) = views(scope(world, "TC01", Role.FOCAL_POINT))
    assert [shown.name for shown in view.sources] == ["/log/a"]
    assert [shown.name for shown in view.ended] == ["udp://10.0.0.5:514"]
    assert not view.ended_has_trouble
    trouble(view.sensor, source=view.ended[0].row, kind="silent", facts={"left_out": True})
    (view,) = views(scope(world, "TC01", Role.FOCAL_POINT))
    assert view.ended_has_trouble


def test_what_is_counted_opens_to_its_rows(world: World) -> None:
    heard(world)
    ended = make_case(world, "TC01")
    Case.objects.filter(pk=ended.pk).update(closed_at=timezone.now(), outcome="false-alarm")
    for _number in range(2):
        make_case(world, "TC01")
    unit = signed_in(world.user("TC01", Role.FOCAL_POINT))
    (own,) = views(scope(world, "TC01", Role.FOCAL_POINT))
    assert own.open_cases == 2
    listed = unit.get(own.cases_page)
    assert len(listed.context["page"].rows) == 2
    (seen,) = views(scope(world, "TC", Role.LEAD_ANALYST))
    lead = signed_in(world.user("TC", Role.LEAD_ANALYST))
    assert lead.get(seen.cases_page).context["shown"].own.open == 2


def test_a_watch_that_is_not_heard_is_grey_until_it_is_known_to_be_wrong(world: World) -> None:
    sensor = heard(world)
    Sensor.objects.update(heard_at=timezone.now() - timedelta(hours=1))
    (view,) = views(scope(world, "TC01", Role.FOCAL_POINT))
    assert (view.tone, view.is_heard) == ("calm", False)
    assert view.state == SensorSeverity.OFF.label
    trouble(sensor, kind="unheard", facts={"heard_at": sensor.heard_at.isoformat()})
    (view,) = views(scope(world, "TC01", Role.FOCAL_POINT))
    assert (view.tone, view.state) == ("bad", SensorSeverity.ALARM.label)


def test_a_campaign_that_is_over_is_not_watched(world: World) -> None:
    heard(world)
    world.campaign.state = CampaignState.ARCHIVED
    world.campaign.save()
    assert not queries.sensors_for(scope(world, "TC01", Role.FOCAL_POINT))


def test_the_page_costs_the_same_for_any_number_of_watches(
    world: World, django_assert_num_queries
) -> None:
    reader = scope(world, "TC", Role.LEAD_OWNER)
    for code in ("TC01", "TC02"):
        trouble(heard(world, code=code))
        sensors = list(queries.sensors_for(reader))
        with django_assert_num_queries(4):
            queries.views_of(reader, sensors)


def test_the_first_page_says_that_logs_are_not_watched(world: World) -> None:
    unit, office = scope(world, "TC01", Role.FOCAL_POINT), scope(world, "TC", Role.LEAD_OWNER)
    assert (queries.today_for_unit(unit), queries.today_for_office(office)) == ([], [])
    sensor = heard(world)
    trouble(sensor)
    trouble(sensor, kind="clock")
    trouble(sensor, kind="behind", severity=SensorSeverity.NOTED)
    SensorTrouble.objects.create(node=world.nodes["TC02"], kind="not-handed-in", log="zeek.dns")
    (own,) = queries.today_for_unit(unit)
    (below,) = queries.today_for_office(office)
    assert (own.hint, below.hint, below.tone) == ("2", "2", "bad")
    (log,) = queries.logs_for(office)
    assert (log.unit, log.log) == (world.nodes["TC02"].name_at_freeze, "zeek.dns")
    assert queries.logs_for(unit) == []


def test_other_roles_see_nothing(world: World) -> None:
    with pytest.raises(PermissionDenied):
        queries.readers_only(scope(world, "TC01", Role.CLERK))
