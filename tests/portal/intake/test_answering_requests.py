"""A letter that asks who used an address is answered from the unit's own logs, or "cannot tell"."""

import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.cases.address_requests import hand_in, trace_again, whole_answer
from quetsach_portal.cases.models.request import AddressRequest
from quetsach_portal.cases.retention import purge
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose
from quetsach_portal.intake import answering_requests
from quetsach_portal.intake.answering_requests import UnreadableAnswer
from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.people.models.roles import Role
from tests.api.test_carriers import AUGUST, END, LEASE_HEAD, NOW, leased, translated
from tests.api.test_holders import at_the_requests_ends
from tests.letters.test_holder import PROSE
from tests.portal.cases import rows
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def logs_of(world: World, code: str) -> Submission:
    """Hand in a translation log and leases: 203.0.113.5:40112 was PC-VP-41."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("nat.log", at_the_requests_ends(translated("10.0.0.41", 40112, NOW)))
        lease = leased("10.0.0.41", "PC-VP-41", AUGUST, END, "02:00:00:00:03:41")
        file.writestr("leases.csv", LEASE_HEAD + lease)
    stored = store_upload(
        SimpleUploadedFile("nhat-ky.zip", packed.getvalue()),
        purpose=FilePurpose.EVIDENCE,
        owner_path=world.units[code].path,
        actor=None,
    )
    submission = Submission.objects.create(
        token=uuid4(),
        node=rows.node_of(world, code),
        kind=SubmissionKind.LOGS,
        state=SubmissionState.DONE,
        created_by=world.user(code, Role.FOCAL_POINT),
    )
    submission.files.add(stored)
    return submission


def waiting(world: World, text: str = PROSE) -> AddressRequest:
    return hand_in(
        rows.node_of(world, "TC01"),
        upload=SimpleUploadedFile("van-ban.txt", text.encode()),
        zone="",
        actor=world.user("TC01", Role.FOCAL_POINT),
    )


def answered(world: World, text: str = PROSE) -> AddressRequest:
    request = waiting(world, text)
    run_ready()
    return AddressRequest.objects.get(pk=request.pk)


def test_the_units_own_logs_name_the_machine_and_the_file_as_it_was_handed_in(
    world: World,
) -> None:
    logs_of(world, "TC01")
    request = answered(world)
    assert (request.state, request.evidence, request.problem) == ("traced", 1, "")
    first, *others = whole_answer(request)["rows"]
    assert (first["outcome"], first["grade"]) == ("device", "certain")
    assert first["device"].startswith("PC-VP-41")
    assert all(log.startswith("nhat-ky.zip") for log in first["logs"])
    assert first["logs"]
    assert all(row["device"] is None for row in others)
    assert request.answer["deadline"] == "trong thời hạn 24 giờ kể từ khi nhận được văn bản này"
    assert request.answer["counts"]["device"] == 1


def test_another_units_logs_are_not_looked_into(world: World) -> None:
    logs_of(world, "TC02")
    request = answered(world)
    assert request.evidence == 0
    assert set(request.rows.values_list("outcome", flat=True)) == {"no-data"}


def test_a_machine_stays_named_when_its_logs_were_destroyed(world: World) -> None:
    logs = logs_of(world, "TC01")
    request = answered(world)
    logs.delete()
    trace_again(request.pk, zone="", actor=world.user("TC01", Role.FOCAL_POINT))
    run_ready()
    request.refresh_from_db()
    assert (request.state, request.evidence) == ("traced", 0)
    assert request.answer["counts"]["device"] == 1


def test_another_letter_is_told_as_such(world: World) -> None:
    request = answered(world, "Kính gửi: Ủy ban nhân dân xã\nĐề nghị dọn dẹp.\n")
    assert request.state == "failed"
    assert "không hỏi ai đã sử dụng" in request.problem
    assert not request.rows.exists()


ANSWER: dict[str, Any] = {**rows.REQUEST_ANSWER, "rows": []}


def one_row(outcome: str, **facts: object) -> dict[str, Any]:
    number = facts.pop("number", 1)
    assert isinstance(number, int)
    row = {**rows.asked_row(number, outcome), **facts}
    return {**ANSWER, "rows": [row], "counts": {outcome: 1}}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {**ANSWER, "counts": {"device": 1}},
        {**ANSWER, "rows": [rows.asked_row(1, "guilty")], "counts": {"guilty": 1}},
        {**ANSWER, "rows": [{"number": 1}], "counts": {}},
        {**ANSWER, "counts": {}, "wanted": "all"},
        # What page and letter could not show, or would show wrongly.
        {**ANSWER, "counts": {}, "date": "hôm qua"},
        {**ANSWER, "counts": {}, "issuer": ["a"]},
        {**ANSWER, "rows": [rows.asked_row(1, "no-data")] * 2, "counts": {"no-data": 2}},
        one_row("no-data", number=-1),
        one_row("no-data", first="hôm qua"),
        one_row("no-data", missing=["nat"]),
        one_row("no-data", addresses={"a": 1}),
        one_row("device", device=None),
    ],
)
def test_F10_an_answer_of_another_shape_or_sum_is_refused(answer: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        answering_requests._checked(answer)


def test_F10_an_answer_as_the_engine_gives_it_is_taken() -> None:
    assert answering_requests._checked(one_row("no-data"))
    assert answering_requests._checked(one_row("device", device="PC-VP-41"))


def archive(world: World) -> None:
    assert world.campaign is not None
    with transaction.atomic():
        purge(world.campaign)
        Campaign.objects.filter(pk=world.campaign.pk).update(state=CampaignState.ARCHIVED)


def test_P2_a_tracing_that_ends_after_the_archiving_names_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs_of(world, "TC01")
    trace = answering_requests._answer

    def overtaken(*given: Any) -> Any:
        traced = trace(*given)
        archive(world)
        return traced

    monkeypatch.setattr(answering_requests, "_answer", overtaken)
    assert_names_nobody(answered(world))


def test_P2_a_tracing_that_begins_after_the_archiving_ends_at_once(world: World) -> None:
    request = waiting(world)
    archive(world)
    run_ready()
    request.refresh_from_db()
    assert_names_nobody(request)


def assert_names_nobody(request: AddressRequest) -> None:
    assert (request.state, request.answer) == ("traced", {})
    assert not request.rows.exists()
