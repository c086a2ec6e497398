"""The page behind the bell."""

import pytest

from quetsach_portal.people.models.news import NewsEvent, NewsKind, NewsReading
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.news.writing import NewsSubject, tell

pytestmark = pytest.mark.django_db


def write(world, about: str = "VV-7", path: str = "/cases/") -> NewsEvent:
    tell(NewsKind.MACHINE, world.units["TC01"].pk, NewsSubject("case:7", about, path))
    return NewsEvent.objects.latest("pk")


def test_opening_the_page_marks_nothing_and_a_press_leads_on_and_marks(world, client_of) -> None:
    event = write(world)
    client = client_of("TC01", Role.TECHNICIAN)
    page = client.get("/news/").content.decode()
    assert "VV-7" in page
    assert "Máy của đơn vị có mã độc" in page
    assert "1 tin mới" in page
    assert not NewsReading.objects.exists()
    answer = client.post(f"/news/{event.pk}/open")
    assert (answer.status_code, answer["Location"]) == (302, "/cases/")
    assert "1 tin mới" not in client.get("/news/").content.decode()


def test_a_press_can_mark_and_stay(world, client_of) -> None:
    event = write(world)
    client = client_of("TC01", Role.TECHNICIAN)
    assert client.post(f"/news/{event.pk}/open", {"stay": "1"})["Location"] == "/news/"
    assert NewsReading.objects.count() == 1


def test_all_are_marked_by_one_press_whatever_number_is_sent(world, client_of) -> None:
    event = write(world)
    client = client_of("TC01", Role.TECHNICIAN)
    for text in ("", "-1", "x", "9" * 40):
        assert client.post("/news/read-all", {"until": text}).status_code == 302
    assert "1 tin mới" in client.get("/news/").content.decode()
    page = client.get("/news/").content.decode()
    assert f'name="later" value="{event.pk}"' in page
    client.post("/news/read-all", {"until": "0", "later": ["x", "9" * 40, str(event.pk)]})
    page = client.get("/news/").content.decode()
    assert "1 tin mới" not in page
    assert "Đánh dấu tất cả đã đọc" not in page


def test_what_stands_in_a_subject_is_text(world, client_of) -> None:
    write(world, "<script>alert(1)</script>")
    page = client_of("TC01", Role.TECHNICIAN).get("/news/").content.decode()
    assert "<script>alert" not in page


def test_without_news_the_page_says_for_how_long(world, client_of) -> None:
    page = client_of("KH", Role.CLERK).get("/news/").content.decode()
    assert "Trong 90 ngày qua không có tin mới" in page
