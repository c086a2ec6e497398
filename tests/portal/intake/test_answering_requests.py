"""A letter that asks who used an address is answered from the unit's own logs, or "cannot tell"."""

import io
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.cases.address_requests import hand_in, trace_again, whole_answer
from quetsach_portal.cases.models.request import AddressRequest
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


def answered(world: World, text: str = PROSE) -> AddressRequest:
    request = hand_in(
        rows.node_of(world, "TC01"),
        upload=SimpleUploadedFile("van-ban.txt", text.encode()),
        zone="",
        actor=world.user("TC01", Role.FOCAL_POINT),
    )
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


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {**ANSWER, "counts": {"device": 1}},
        {**ANSWER, "rows": [rows.asked_row(1, "guilty")], "counts": {"guilty": 1}},
        {**ANSWER, "rows": [{"number": 1}], "counts": {}},
        {**ANSWER, "counts": {}, "wanted": "all"},
    ],
)
def test_F10_an_answer_of_another_shape_or_sum_is_refused(answer: Any) -> None:
    with pytest.raises(UnreadableAnswer):
        answering_requests._checked(answer)
