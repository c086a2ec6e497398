"""The ledger of notices: each item ends in one way, and what was found has a case."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from quetsach.api import traces
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState, NodeCounter
from quetsach_portal.cases import actions, notices
from quetsach_portal.cases.attaching import AttachResult, attach
from quetsach_portal.cases.models.case import Case, CaseContact, Finding, HandlingKind
from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem
from quetsach_portal.cases.retention import purge
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.intake import tracing
from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases import rows
from tests.portal.cases.rows import ClientOf
from tests.portal.cases.sweeps import BAD, at, findings_of
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

Take = Callable[..., AttachResult]
Source = NoticeBatch.Source


def _hand_in(world: World, content: bytes, source: Source = Source.NOTICES) -> NoticeBatch:
    batch = notices.hand_in(
        world.nodes["TC01"],
        upload=SimpleUploadedFile("canh-bao.csv", content),
        source=source,
        actor=world.user("TC01", Role.FOCAL_POINT),
    )
    run_ready()
    return NoticeBatch.objects.get(pk=batch.pk)


def _evidence(world: World, folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, path.relative_to(folder).as_posix())
    stored = store_upload(
        SimpleUploadedFile("logs.zip", packed.getvalue()),
        purpose=FilePurpose.EVIDENCE,
        owner_path=world.units["TC01"].path,
        actor=None,
    )
    handed_in = Submission.objects.create(
        token=uuid4(),
        node=world.nodes["TC01"],
        kind=SubmissionKind.LOGS,
        state=SubmissionState.DONE,
        created_by=world.user("TC01", Role.FOCAL_POINT),
    )
    handed_in.files.add(stored)


def _outcomes(batch: NoticeBatch) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in batch.rows.values_list("outcome", flat=True):
        counts[one] = counts.get(one, 0) + 1
    return counts


def test_the_units_own_logs_name_the_machine_and_it_gets_a_case(
    world: World, district: Path
) -> None:
    _evidence(world, district / "evidence" / "thị trấn Trà Cú")
    batch = _hand_in(world, (district / "notices" / "canh-bao.csv").read_bytes())
    assert batch.state == "traced"
    assert batch.evidence == 1
    counts = _outcomes(batch)
    assert counts["device"] >= 1
    assert sum(counts.values()) == batch.items == batch.accounts["items"]
    named = batch.rows.filter(outcome="device").select_related("case__device").first()
    assert named is not None
    assert named.case is not None
    assert named.case.device.key == named.device_key
    assert named.case.state == "infected"
    assert NodeCounter.objects.get(node=world.nodes["TC"]).cases_open == Case.objects.count()


def test_without_logs_it_says_which_would_have_told(world: World, district: Path) -> None:
    batch = _hand_in(world, (district / "notices" / "canh-bao.csv").read_bytes())
    assert batch.state == "traced"
    assert set(_outcomes(batch)) <= {"no-data", "cannot-tell", "rejected"}
    assert all(batch.rows.exclude(outcome="rejected").values_list("missing", flat=True))
    assert not Case.objects.exists()


def _traced(tmp_path: Path, district: Path) -> dict[str, Any]:
    request = traces.trace_request(
        notices=[str(district / "notices" / "canh-bao.csv")],
        evidence=[str(district / "evidence" / "thị trấn Trà Cú")],
    )
    answer = traces.trace(request)
    return json.loads("".join(traces.trace_pieces(answer)))


def test_a_trace_made_at_home_is_taken_as_it_is(
    world: World, district: Path, tmp_path: Path
) -> None:
    answer = _traced(tmp_path, district)
    batch = _hand_in(world, json.dumps(answer).encode(), Source.TRACED)
    assert batch.state == "traced"
    told = [one["outcome"] for one in answer["notices"]]
    assert list(batch.rows.order_by("place").values_list("outcome", flat=True)) == told


@pytest.mark.parametrize("change", ["one-less", "other-sum", "no-outcome", "deep", "no-json"])
def test_F10_a_trace_that_does_not_add_up_is_refused_whole(
    change: str, world: World, district: Path, tmp_path: Path
) -> None:
    answer = _traced(tmp_path, district)
    if change == "one-less":
        answer["notices"].pop()
    elif change == "other-sum":
        answer["ledger"]["device"] += 1
    elif change == "no-outcome":
        answer["notices"][0]["outcome"] = "guilty"
    content = json.dumps(answer).encode()
    if change == "deep":
        content = b"[" * 100_000
    elif change == "no-json":
        content = b"not JSON"
    batch = _hand_in(world, content, Source.TRACED)
    assert batch.state == "failed"
    assert batch.problem
    assert not NoticeItem.objects.exists()
    assert not Case.objects.exists()


def test_a_file_that_is_no_notice_fails_with_words_and_without_paths_of_the_server(
    world: World,
) -> None:
    with pytest.raises(Refused):
        _hand_in(world, b"\x89PNG\r\n\x1a\n nothing")
    batch = _hand_in(world, "Kính gửi các cơ quan\n".encode())
    assert batch.state == "failed"
    assert batch.problem
    assert "/files/" not in batch.problem


def test_traced_again_with_more_logs_nothing_is_counted_twice(world: World, district: Path) -> None:
    batch = _hand_in(world, (district / "notices" / "canh-bao.csv").read_bytes())
    _evidence(world, district / "evidence" / "thị trấn Trà Cú")
    actor = world.user("TC01", Role.FOCAL_POINT)
    notices.retrace(batch.pk, actor=actor)
    run_ready()
    first = (CaseContact.objects.count(), Case.objects.count(), NoticeItem.objects.count())
    assert first[0] >= 1
    sightings = sum(Finding.objects.values_list("sightings", flat=True))
    notices.retrace(batch.pk, actor=actor)
    with pytest.raises(Refused):
        notices.retrace(batch.pk, actor=actor)
    run_ready()
    assert (CaseContact.objects.count(), Case.objects.count(), NoticeItem.objects.count()) == first
    assert sum(Finding.objects.values_list("sightings", flat=True)) == sightings


def test_E4_the_same_file_twice_is_one(world: World, district: Path) -> None:
    content = (district / "notices" / "canh-bao.csv").read_bytes()
    _hand_in(world, content)
    with pytest.raises(Refused):
        _hand_in(world, content)
    assert NoticeBatch.objects.count() == 1


def test_a_machine_that_has_a_case_keeps_it(
    world: World, take_in: Take, district: Path, district_findings: Path, tmp_path: Path
) -> None:
    take_in(district_findings)
    cases = Case.objects.count()
    answer = _traced(tmp_path, district)
    for one in answer["notices"]:
        if one["outcome"] == "device":
            one["device"] = "PC-KT-01 (TC01)"
    batch = _hand_in(world, json.dumps(answer).encode(), Source.TRACED)
    assert Case.objects.count() == cases
    linked = set(batch.rows.filter(outcome="device").values_list("case__device__key", flat=True))
    assert linked == {"PC-KT-01 (TC01)"}


PC = "10.1.1.11"
PLAN = "code,unit,subnet\nTC01,Xã Một,10.1.1.0/25\nTC01A,Trường A,10.1.1.128/25\n"


def _notice_of(world: World, unit: str | None, ago: int = 20) -> None:
    """Hand in a trace that names the machine PC, seen by the authority so many days ago."""
    one = {
        "notice": {
            "path": "canh-bao.csv",
            "number": 1,
            "address": "198.51.100.7",
            "time": at(ago).isoformat(),
            "remote_address": BAD,
        },
        "outcome": "device",
        "because": "Máy này giữ địa chỉ đó.",
        "device": PC,
        "unit": unit,
        "grade": "likely",
    }
    ledger = dict.fromkeys(("candidates", "cannot-tell", "no-data", "not-ours", "rejected"), 0) | {
        "items": 1,
        "device": 1,
    }
    answer = {"notices": [one], "ledger": ledger}
    assert _hand_in(world, json.dumps(answer).encode(), Source.TRACED).state == "traced"


@pytest.mark.parametrize("unit", [None, "TC01", "Xã Một", "Xã cũ"])
@pytest.mark.parametrize("first", ["logs", "notice"])
def test_a_machine_named_by_a_notice_is_proven_clean_by_the_logs_of_its_unit(
    unit: str | None, first: str, world: World, take_in: Take, tmp_path: Path
) -> None:
    """However the trace calls the unit, or not at all, and whatever came in first."""
    hosts = (PC, "10.1.1.200")
    logs = findings_of(tmp_path, days=range(19, 1, -1), hosts=hosts, plan=PLAN)
    if first == "logs":
        take_in(logs)
    _notice_of(world, unit)
    case = Case.objects.get()
    assert case.outcome == ""
    actor = world.user("TC01", Role.FOCAL_POINT)
    actions.record_handling(case.pk, kind=HandlingKind.CLEANED, at=at(15, 16), actor=actor)
    if first == "notice":
        take_in(logs)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("verified-clean", "verified-clean"), case.said
    assert set(CaseContact.objects.values_list("unit", flat=True)) == {"Xã Một"}


def test_findings_that_prove_no_silence_prove_none_for_a_noticed_machine(
    world: World, tmp_path: Path
) -> None:
    """What nobody vouches for stays so when a notice lets all findings be read again."""
    hosts = (PC, "10.1.1.200")
    attach(
        campaign=world.campaign,
        node=world.nodes["TC01"],
        folder=findings_of(tmp_path, days=range(19, 1, -1), hosts=hosts, plan=PLAN),
        source="nộp tay",
        actor=None,
        proves_silence=False,
    )
    _notice_of(world, "TC01")
    actor = world.user("TC01", Role.FOCAL_POINT)
    case = Case.objects.get()
    actions.record_handling(case.pk, kind=HandlingKind.CLEANED, at=at(15, 16), actor=actor)
    case.refresh_from_db()
    assert case.state != "verified-clean", case.said


def test_the_logs_of_another_unit_do_not_prove_a_noticed_machine_clean(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(findings_of(tmp_path, days=range(19, 1, -1), hosts=("10.1.1.200",), plan=PLAN))
    _notice_of(world, "TC01")
    actor = world.user("TC01", Role.FOCAL_POINT)
    case = Case.objects.get()
    actions.record_handling(case.pk, kind=HandlingKind.CLEANED, at=at(15, 16), actor=actor)
    case.refresh_from_db()
    assert case.state != "verified-clean"


def test_the_units_of_notices_are_called_as_the_findings_call_them(
    world: World, take_in: Take, district: Path, district_findings: Path
) -> None:
    take_in(district_findings)
    request = traces.trace_request(
        notices=[str(district / "notices" / "canh-bao.csv")],
        evidence=[str(district / "evidence")],
        inventory=[district / "machines.csv"],
        plans=[district / "units.csv"],
    )
    answer = json.loads("".join(traces.trace_pieces(traces.trace(request))))
    _hand_in(world, json.dumps(answer).encode(), Source.TRACED)
    for one in CaseContact.objects.filter(by_notice=True).select_related("finding__device"):
        met = CaseContact.objects.filter(finding__device=one.finding.device, by_notice=False)
        units = set(met.values_list("unit", flat=True))
        assert one.unit
        assert not units or one.unit in units


@pytest.mark.asvs("V1.2.10")
def test_F2_a_formula_in_a_notice_stays_text_in_the_csv(world: World, client_of: ClientOf) -> None:
    batch = rows.make_batch(world, "TC01")
    page = client_of("TC01", Role.FOCAL_POINT).get(reverse("cases:batch_csv", args=[batch.pk]))
    lines = page.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + batch.items
    assert ",'=1+2," in lines[2]


def _archive(world: World) -> None:
    assert world.campaign is not None
    with transaction.atomic():
        purge(world.campaign)
        Campaign.objects.filter(pk=world.campaign.pk).update(state=CampaignState.ARCHIVED)


def test_P2_nothing_is_handed_in_or_traced_again_in_an_archived_campaign(world: World) -> None:
    batch = rows.make_batch(world, "TC01")
    _archive(world)
    with pytest.raises(Refused):
        _hand_in(world, b"time,ip\n")
    with pytest.raises(Refused):
        notices.retrace(batch.pk, actor=world.user("TC01", Role.FOCAL_POINT))


@pytest.mark.parametrize("is_begun", [True, False], ids=["under way", "not begun"])
def test_P2_a_tracing_that_ends_after_the_archiving_names_nothing(
    world: World, district: Path, monkeypatch: pytest.MonkeyPatch, is_begun: bool
) -> None:
    content = (district / "notices" / "canh-bao.csv").read_bytes()
    batch = notices.hand_in(
        world.nodes["TC01"],
        upload=SimpleUploadedFile("canh-bao.csv", content),
        source=Source.NOTICES,
        actor=world.user("TC01", Role.FOCAL_POINT),
    )
    trace = tracing._answer

    def overtaken(*given: Any) -> Any:
        traced = trace(*given)
        _archive(world)
        return traced

    if is_begun:
        monkeypatch.setattr(tracing, "_answer", overtaken)
    else:
        _archive(world)
    run_ready()
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == ("traced", "")
    assert not NoticeItem.objects.filter(batch=batch).exists()
