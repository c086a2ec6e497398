"""A rehearsal from its making to its end, with the processes that it has in service."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break
from quetsach_portal.campaigns.models.campaign import Campaign, ExpectedReport, Phase
from quetsach_portal.rehearsals import homes
from quetsach_portal.rehearsals.inside.samples import SAMPLES
from quetsach_portal.rehearsals.people import PEOPLE
from tests.portal.api.lists import publish
from tests.portal.campaigns.acting import owner, prepared
from tests.portal.rehearsals.visiting import HOST, Visit
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World, make_world
from tests.waiting import wait_until
from tests.whole import fault_run

pytestmark = pytest.mark.django_db

NOT_OF_THE_CAMPAIGN = ("jobs_job", "django_session", "sqlite_sequence")
"""Tables that an asked job and a signed-in browser write to, whatever they are for."""


ENDS = {
    "clean": "không thấy máy nào liên lạc",
    "infected": "1 máy đã liên lạc với địa chỉ độc hại",
    "unreadable": "Hồ sơ không được nhận",
}
"""What the page of a submission says in the end; a sweep takes half a minute."""


@pytest.fixture
def campaign(tmp_path: Path) -> tuple[World, Campaign]:
    world = make_world(live=False)
    world.campaign = prepared(world)
    publish(world, tmp_path, "bad.example\n203.0.113.77\n")
    due_at = timezone.now() + timedelta(hours=5)
    ExpectedReport.objects.update(due_at=due_at)
    Phase.objects.update(due_at=due_at)
    return world, world.campaign


@pytest.fixture
def visit(campaign: tuple[World, Campaign], home: Path) -> Iterator[Visit]:
    """The rehearsal that an owner asked for by the button."""
    world, of = campaign
    client = signed_in(owner(world))
    address = f"/campaigns/{of.pk}/rehearsal/"
    assert client.post(address, {"act": "make"}, HTTP_HOST=HOST).headers["Location"] == address
    assert "Đang tạo bản diễn tập" in client.get(address, HTTP_HOST=HOST).content.decode()
    run_ready()
    note = homes.note_of(of.pk)
    assert note is not None, client.get(address, HTTP_HOST=HOST).content.decode()
    visit = Visit(client, note, home)
    try:
        yield visit
    finally:
        visit.end()


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of the real portal's database, by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in NOT_OF_THE_CAMPAIGN:
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def hand_in(visit: Visit, kind: str, end: str) -> None:
    """Hand in a sample file as the clerk of the unit; return when its page says `end`."""
    sample = visit.client.get(f"{visit.base}rehearsal/sample/{kind}", HTTP_HOST=HOST)
    name = sample.headers["Content-Disposition"].split('"')[1]
    form = re.search(rf'href="{visit.base}(evidence/units/\d+/hand-in)"', visit.text("evidence/"))
    assert form is not None
    file = SimpleUploadedFile(name, sample.content)
    begun = visit.post(f"{form[1]}/logs", file=file, token=uuid4(), note="").content.decode()
    path = re.search(rf'action="{visit.base}(evidence/\d+/)send"', begun)
    assert path is not None, begun
    visit.post(f"{path[1]}send")
    wait_until(lambda: visit.paused() and end in words(visit.text(path[1])), within_s=300)


def words(page: str) -> str:
    """Return what a page says, without its marks."""
    return " ".join(re.sub("<[^>]+>", " ", page.partition("<main")[2]).split())


@fault_run
def test_a_rehearsal_is_the_campaign_and_leaves_nothing_behind(
    campaign: tuple[World, Campaign], home: Path, visit: Visit
) -> None:
    _world, of = campaign
    before, acts, files = rows(), AuditEvent.objects.count(), files_of(home)
    assert AuditEvent.objects.latest("seq").action == "campaign.rehearsal_made"
    visit.begin()

    # Each person has a first page, with the band, in their name.
    for person in PEOPLE:
        page = visit.see_as(person.key)
        assert "DIỄN TẬP" in page
        assert person.name in page

    # The unit has the letter; what would have gone out lies in the test box.
    assert "99/UBND-DT" in visit.see_as("dau-moi")
    box = visit.text("rehearsal/box/")
    assert "[DIỄN TẬP] Công văn số 99/UBND-DT" in box
    assert "dien-tap.example" in box
    assert "coquan.example" not in box
    sent = re.search(rf'href="{visit.base}(rehearsal/box/\d+/)"', box)
    assert sent is not None
    mail = visit.text(sent[1])
    assert "DIỄN TẬP: thư này không được gửi cho ai" in mail
    assert f"http://{HOST}{visit.base}" in mail

    # The samples, each with its own end.
    for kind in SAMPLES:
        hand_in(visit, kind, ENDS[kind])

    # A day later the unit is late.
    assert "quá hạn" not in words(visit.text(""))
    tomorrow = timezone.localdate() + timedelta(days=1)
    passed = words(visit.post("rehearsal/days/").content.decode())
    assert f"hôm nay là ngày {tomorrow:%d/%m/%Y}" in passed
    assert "Báo cáo đã quá hạn 1 ngày" in words(visit.text(""))

    # No link and no form leads out, but those to the page where it is deleted.
    own_page = f"/campaigns/{of.pk}/rehearsal/"
    out = [
        address
        for address in visit.addresses
        if not address.startswith((visit.base, "/static/", "?"))
        and address.partition("#")[0] != own_page
    ]
    assert out == []

    # The real portal has seen nothing of all this.
    assert rows() == before
    assert files_of(home) == files
    assert visit.client.post(own_page, {"act": "throw_away"}, HTTP_HOST=HOST).status_code == 302
    assert not homes.folder_of(visit.note.id).exists()
    assert visit.client.get(visit.base, HTTP_HOST=HOST).status_code == 404
    wait_until(visit.has_ended, "its process goes on without it", within_s=60)
    after = rows()
    assert [one.action for one in AuditEvent.objects.order_by("seq")[acts:]] == [
        "campaign.rehearsal_thrown_away"
    ]
    changed = {table for table in after if after[table] != before[table]}
    assert changed == {"audit_auditevent", "audit_chainhead"}
    assert files_of(home) == files
    assert first_break() is None


def files_of(home: Path) -> dict[str, bytes]:
    """Return what lies in the real home, without its rehearsals."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and "rehearsals" not in path.parts
    }
