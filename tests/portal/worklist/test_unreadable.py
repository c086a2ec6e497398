"""What could not be read, and why."""

import pytest
from django.test import Client

from quetsach_portal.intake.models import Submission, SubmissionKind, SubmissionState
from quetsach_portal.people.models.roles import Role
from tests.portal.worklist.commune import CODE, heading, received
from tests.portal.worklist.pages import page
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_what_could_not_be_read_is_no_clean_machine(world: World, clerk: Client) -> None:
    received(world)
    Submission.objects.create(
        token="3f1c0c1e-0000-4000-8000-000000000001",
        node=world.nodes[CODE],
        kind=SubmissionKind.COLLECTOR,
        state=SubmissionState.REFUSED,
        told={"code": "H101", "where": "x.zip", "facts": {"reason": "twice"}},
        created_by=world.user(CODE, Role.FOCAL_POINT),
    )
    source = page(clerk)
    assert heading(source) == "Chưa xem được gì: hãy nộp lại tệp"
    assert "Đây không phải là “không thấy mã độc”." in source
    assert "H101" in source
    assert "Cần nộp lại" in source
