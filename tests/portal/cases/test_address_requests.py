"""Requests for the holders of addresses: what is handed in, traced again and answered is an act."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.cases import address_requests
from quetsach_portal.cases.address_requests import counts_of, hand_in, make_letter, page_row
from quetsach_portal.cases.models.request import AddressRequest
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases import rows
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def actor(world: World) -> User:
    return world.user("TC01", Role.FOCAL_POINT)


def handed_in(world: World, content: bytes = b"letter", zone: str = "") -> AddressRequest:
    upload = SimpleUploadedFile("van-ban.txt", content)
    return hand_in(rows.node_of(world, "TC01"), upload=upload, zone=zone, actor=actor(world))


def acts() -> list[str]:
    events = AuditEvent.objects.filter(action__startswith="requests.").order_by("pk")
    return list(events.values_list("action", flat=True))


def test_a_letter_is_handed_in_once_and_its_tracing_asked_for(world: World) -> None:
    request = handed_in(world)
    assert (request.state, acts()) == ("waiting", ["requests.handed_in"])
    assert Job.objects.filter(kind="cases.answer_request").count() == 1
    with pytest.raises(Refused):
        handed_in(world)
    assert AddressRequest.objects.count() == 1


def test_no_other_zone_is_taken(world: World) -> None:
    with pytest.raises(Refused):
        handed_in(world, zone="Asia/Tokyo")
    request = rows.make_request(world, "TC01")
    with pytest.raises(Refused):
        address_requests.trace_again(request.pk, zone="?", actor=actor(world))


def test_it_is_not_traced_again_while_it_is_traced(world: World) -> None:
    request = rows.make_request(world, "TC01")
    address_requests.trace_again(request.pk, zone="UTC", actor=actor(world))
    request.refresh_from_db()
    assert (request.zone, request.state, request.runs) == ("UTC", "waiting", 2)
    with pytest.raises(Refused):
        address_requests.trace_again(request.pk, zone="", actor=actor(world))
    assert acts() == ["requests.traced_again"]


def test_the_letter_has_the_rows_and_its_making_is_on_record(world: World) -> None:
    request = rows.make_request(world, "TC01")
    files = make_letter(request, actor=actor(world))
    document = docx.Document(io.BytesIO(files.docx))
    cells = [cell.text for grid in document.tables for row in grid.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for words in ("214/PA05", "203.0.113.5:40112", "PC-VP-41", "10.0.0.41", "Chưa tra cứu"):
        assert words in text
    assert files.pdf.startswith(b"%PDF")
    assert acts() == ["requests.letter_made"]


def test_there_is_no_letter_before_the_answer(world: World) -> None:
    with pytest.raises(Refused):
        make_letter(handed_in(world), actor=actor(world))
    assert "requests.letter_made" not in acts()


def test_a_row_is_shown_with_its_end_its_time_and_how_it_ended(world: World) -> None:
    request = rows.make_request(world, "TC01")
    first, second = (page_row(row) for row in address_requests.rows_of(request))
    assert (first.end, first.times) == ("203.0.113.5:40112", ["08:15:22 01/09/2026"])
    assert (first.tone, second.tone) == ("bad", "warn")
    assert [(name, count) for name, _words, count in counts_of(request)] == [
        ("device", 1),
        ("unclear-request", 1),
    ]
    assert str(address_requests.day_of(request)) == "2026-09-04"


def test_P2_nothing_is_handed_in_or_traced_again_in_an_archived_campaign(world: World) -> None:
    request = rows.make_request(world, "TC01")
    Campaign.objects.filter(pk=request.node.campaign_id).update(state=CampaignState.ARCHIVED)
    with pytest.raises(Refused):
        handed_in(world)
    with pytest.raises(Refused):
        address_requests.trace_again(request.pk, zone="", actor=actor(world))
    assert acts() == []
    assert not Job.objects.filter(kind="cases.answer_request").exists()
