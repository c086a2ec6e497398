"""The lead office's pages of notices, and what a unit answers with and without an account."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.answering import give_answer
from quetsach_portal.ranges.asking import link_of
from quetsach_portal.ranges.models import NoticeQuestion
from tests.portal.cases.rows import ClientOf
from tests.portal.ranges.asked import NOTICES, allotted, asked_of, questions, states, traced
from tests.portal.world import World


def test_the_file_is_handed_in_and_its_figures_open_to_rows(
    world: World, client_of: ClientOf
) -> None:
    client, node = client_of("TC", Role.LEAD_OWNER), world.nodes["TC"].pk
    assert str(node) in client.get("/ranges/notices/").content.decode()
    assert client.get(f"/ranges/notices/new/{node}/").status_code == 200
    day = timezone.localdate() + timedelta(days=3)
    given = {
        "upload": SimpleUploadedFile("n.csv", NOTICES.encode()),
        "due": f"{day:%d/%m/%Y}",
    }
    response = client.post(f"/ranges/notices/new/{node}/", given)
    assert response.status_code == 302
    assert client.get(response.headers["Location"]).status_code == 200


def test_the_lead_office_decides_and_takes_the_answer_with_it(
    world: World, client_of: ClientOf
) -> None:
    batch, client = allotted(world), client_of("TC", Role.LEAD_ANALYST)
    path = f"/ranges/notices/{batch.pk}"
    page = client.get(f"{path}/").content.decode()
    assert "192.0.2.200" in page
    assert "192.0.2.200" not in client.get(f"{path}/?state=open").content.decode().split("<h2")[-1]
    client.post(f"{path}/again")
    client.post(f"{path}/decide", {"address": "192.0.2.200", "unit": "TC99"})
    assert states(batch)[4] == "undecided"
    client.post(f"{path}/decide", {"address": "192.0.2.200", "unit": "-"})
    assert states(batch)[4] == "not-ours"
    assert client.get(f"{path}.csv").content.count(b"\n") == 8
    assert client.get(f"{path}.json").json()["items"] == 7


def test_the_lead_office_reads_what_was_looked_at_and_no_machine(
    world: World, client_of: ClientOf
) -> None:
    batch = allotted(world)
    forwarding = asked_of(world, batch, "TC01")
    first, second, _third = questions(forwarding)
    give_answer(forwarding, [first], "found", "Máy KE-TOAN-7", actor=None)
    give_answer(forwarding, [second], "cannot-tell", "Không có nhật ký NAT", actor=None)
    page = client_of("TC", Role.LEAD_OWNER).get(f"/ranges/notices/{batch.pk}/").content.decode()
    assert "Không có nhật ký NAT" in page
    assert "KE-TOAN-7" not in page


def test_a_unit_answers_signed_in(world: World, client_of: ClientOf) -> None:
    forwarding = asked_of(world, allotted(world), "TC01")
    traced(forwarding, 2)
    client, path = client_of("TC01", Role.TECHNICIAN), f"/ranges/asked/{forwarding.pk}/"
    assert "203.0.113.2" in client.get(path).content.decode()
    assert path in client.get("/ranges/notices/").content.decode()
    given = {"questions": questions(forwarding), "answer": "cannot-tell"}
    assert client.post(path, given).status_code == 200
    assert client.post(path, {**given, "looked_at": "Nhật ký NAT"}).status_code == 302
    assert questions(forwarding) == []


def test_a_unit_answers_by_its_link_and_looking_changes_nothing(
    world: World, client: Client
) -> None:
    forwarding = asked_of(world, allotted(world), "TC01")
    traced(forwarding, 2)
    path = link_of(forwarding)
    for act in (client.get, client.head):
        response = act(path)
        assert response.status_code == 200
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert not response.cookies
    assert len(questions(forwarding)) == 3
    given = {"questions": questions(forwarding)[:1], "answer": "not-ours", "looked_at": "x"}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(path, given, headers=elsewhere).status_code == 403
    assert client.post(path, {**given, "looked_at": ""}).status_code == 422
    assert client.post(path, given).status_code == 302
    assert NoticeQuestion.objects.filter(answer="not-ours", answered_by=None).count() == 1
    assert client.get(path[:-2] + "/").status_code == 410
