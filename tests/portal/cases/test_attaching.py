"""Findings become cases: once, whole, and judged by the engine."""

from pathlib import Path

import pytest

from quetsach.api import findings, problems, verdicts
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases.attaching import AttachResult, path_of
from quetsach_portal.cases.models.case import (
    Case,
    CaseContact,
    CaseEvent,
    Device,
    Finding,
    Sighting,
)
from quetsach_portal.cases.models.coverage import CoveredDay, FolderRead
from tests.portal.cases.sweeps import BAD, WORSE, Take, change_devices, findings_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_each_device_that_the_findings_blame_gets_one_case(
    world: World, take_in: Take, district_findings: Path
) -> None:
    found = findings.devices_in(findings.read_folder(district_findings))
    told = take_in(district_findings)
    assert told == AttachResult(
        new=len(found), sightings=sum(one.sightings for device in found for one in device.findings)
    )
    assert set(Device.objects.values_list("key", flat=True)) == {one.device for one in found}
    assert Case.objects.filter(closed_at__isnull=True).count() == len(found)
    one = Case.objects.get(device__key="PC-TP-01 (TC18)")
    assert one.state == "infected"
    assert one.said["vi"]["because"]
    assert one.said["en"]["because"].startswith("It met ")
    assert one.said["vi"]["because"] != one.said["en"]["because"]


def test_the_state_is_the_one_that_the_command_line_tells(
    take_in: Take, district_findings: Path
) -> None:
    take_in(district_findings)
    judged = {one.device: one for _unit, one in verdicts.verdicts([district_findings]).devices}
    assert judged
    for case in Case.objects.select_related("device"):
        verdict = judged[case.device.key]
        assert (case.state, case.since_day) == (verdict.state, verdict.since_day)
        assert case.said["vi"]["missing"] == list(verdict.missing)
        assert verdict.because.split(" ngày ")[1] in case.said["vi"]["because"]


def test_the_same_folder_twice_changes_nothing(take_in: Take, district_findings: Path) -> None:
    take_in(district_findings)
    tables = (Case, CaseEvent, CaseContact, CoveredDay, Finding, Sighting, FolderRead, AuditEvent)
    before = [table.objects.count() for table in tables]
    assert take_in(district_findings) == AttachResult()
    assert [table.objects.count() for table in tables] == before


def test_overlapping_sweeps_count_a_sighting_once(take_in: Take, tmp_path: Path) -> None:
    met = [(20, "10.1.1.11", BAD), (18, "10.1.1.11", BAD)]
    take_in(findings_of(tmp_path, days=[20, 19], contacts=met, name="first"))
    told = take_in(findings_of(tmp_path, days=[20, 19, 18], contacts=met, name="second"))
    assert told == AttachResult(attached=1, sightings=1)
    assert Finding.objects.get().sightings == 2
    assert CaseEvent.objects.filter(kind="sighted").get().detail["count"] == 1


def test_a_new_indicator_of_a_known_device_attaches(take_in: Take, tmp_path: Path) -> None:
    take_in(findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)], name="first"))
    more = [(19, "10.1.1.11", WORSE), (19, "10.1.1.12", WORSE)]
    told = take_in(findings_of(tmp_path, days=[19], contacts=more, name="second"))
    assert (told.new, told.attached) == (1, 1)
    keys = Finding.objects.filter(device__key="10.1.1.11").values_list("key", flat=True)
    assert set(keys) == {BAD, WORSE}


def test_the_folder_is_kept_when_the_caller_removes_its_own(take_in: Take, tmp_path: Path) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)])
    take_in(folder)
    for one in folder.iterdir():
        one.unlink()
    kept = path_of(FolderRead.objects.get().digest)
    assert findings.devices_in(findings.read_folder(kept))[0].device == "10.1.1.11"


def test_the_counters_of_the_unit_and_those_above_move(
    world: World, take_in: Take, district_findings: Path
) -> None:
    told = take_in(district_findings)
    counts = {
        code: NodeCounter.objects.get(node=node).cases_open for code, node in world.nodes.items()
    }
    assert counts == {"TC": told.new, "TC01": told.new, "TC02": 0, "TC01A": 0}


@pytest.mark.parametrize("value", [None, 7, "x", [{"device": 7}], [{"device": "x"}]])
def test_devices_in_no_known_form_are_refused_and_nothing_changes(
    value: object, take_in: Take, tmp_path: Path
) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)])
    change_devices(folder, lambda devices: devices.update(devices=value))
    with pytest.raises(problems.QuetsachError) as caught:
        take_in(folder)
    assert caught.value.problem.code == "E305"
    assert not FolderRead.objects.exists()
    assert not Case.objects.exists()


def test_a_changed_folder_is_refused(take_in: Take, tmp_path: Path) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)])
    (folder / "devices.json").write_text("{}")
    with pytest.raises(problems.QuetsachError):
        take_in(folder)
    assert not FolderRead.objects.exists()


def test_findings_of_another_campaign_node_are_not_mixed(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    folder = findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)])
    assert take_in(folder, "TC01").new == 1
    assert take_in(folder, "TC02").new == 1
    assert Case.objects.count() == 2
