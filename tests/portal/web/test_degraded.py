"""A portal whose database can be read and not written, and one whose database has gone."""

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client, RequestFactory
from django.utils import timezone

from quetsach_portal.people import sessions
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web import write_stops
from quetsach_portal.web.degraded import ASK_AGAIN_S, unavailable
from tests.portal.config.test_killed_web import portal

SignIn = Callable[[str, Role], Client]
FORM = "application/x-www-form-urlencoded"


@contextmanager
def only_read() -> Iterator[None]:
    """SQLite then refuses every write with its own error."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            # Past Django, which asks nothing more of a transaction that a failed test broke.
            connection.connection.execute("PRAGMA query_only = OFF")


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way to refuse writes")
def test_what_cannot_be_written_is_said_since_when_and_ends_with_the_first_write(
    client_of: SignIn, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of("TC01", Role.CLERK)
    client.raise_request_exception = False
    home.mkdir(parents=True, exist_ok=True)
    before = client.get("/account/profile/")
    assert "alert-warning" not in before.content.decode()
    with only_read():
        refused = client.post("/language", {"language": "en", "next": "/"})
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == str(ASK_AGAIN_S)
        said = refused.content.decode()
        assert said.index("Cổng đang chỉ đọc được") < said.index("The portal can only be read")
        assert "chưa được ghi" in said
        assert "Traceback" not in said
        since = write_stops.stopped_since()
        assert since is not None
        page = client.get("/account/profile/")
        assert page.status_code == 200
        shown = page.content.decode()
        assert f"{timezone.localtime(since):%d/%m/%Y}" in shown
        assert "Cổng hiện chỉ đọc được" in shown
        monkeypatch.setattr(write_stops, "TRIED_EVERY_S", 0.0)
        assert write_stops.stopped_since() == since
        assert write_stops.note_stopped() == since
    assert write_stops.stopped_since() is None
    assert "alert-warning" not in client.get("/account/profile/").content.decode()
    assert client.post("/language", {"language": "en", "next": "/"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way to refuse writes")
def test_who_is_signed_in_for_longer_than_a_minute_goes_on_reading(
    client_of: SignIn, home: Path
) -> None:
    client = client_of("TC01", Role.CLERK)
    home.mkdir(parents=True, exist_ok=True)
    client.get("/account/profile/")
    ends_at = timezone.now() + timedelta(minutes=10)
    Session.objects.update(expire_date=ends_at)
    with only_read():
        # The first page finds out, the second knows.
        assert client.get("/account/profile/").status_code == 200
        assert write_stops.stopped_since() is not None
        page = client.get("/account/profile/")
        assert page.status_code == 200
        assert "Cổng hiện chỉ đọc được" in page.content.decode()
    assert Session.objects.get().expire_date == ends_at
    (home / write_stops.NAME).unlink()
    client.get("/account/profile/")
    assert Session.objects.get().expire_date > ends_at


@pytest.mark.django_db
def test_a_fault_of_ours_in_prolonging_a_session_is_not_hidden(
    client_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise ProgrammingError

    monkeypatch.setattr(sessions, "_prolong", fails)
    client = client_of("TC01", Role.CLERK)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    with pytest.raises(ProgrammingError):
        client.get("/account/profile/")


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way to refuse writes")
def test_a_form_that_was_not_kept_can_be_sent_once_more_from_its_page(
    client_of: SignIn, home: Path
) -> None:
    home.mkdir(parents=True, exist_ok=True)
    client = client_of("TC01", Role.CLERK)
    client.raise_request_exception = False
    typed = {"language": "en", "next": "/?a=1&b=2", "note": ['<b>"x"</b>\r\nhàng hai', "y"]}
    with only_read():
        refused = client.post("/language?q=1", urlencode(typed, doseq=True), content_type=FORM)
    page = refused.content.decode()
    assert 'action="/language?q=1"' in page
    fields = fields_of(page)
    assert fields == [
        ("language", "en"),
        ("next", "/?a=1&b=2"),
        ("note", '<b>"x"</b>\r\nhàng hai'),
        ("note", "y"),
    ]
    (home / write_stops.NAME).unlink()
    again = client.post("/language?q=1", urlencode(fields), content_type=FORM)
    assert again.status_code == 302


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own way to refuse writes")
def test_secrets_files_and_forms_of_other_sites_are_not_given_back(
    client_of: SignIn, home: Path
) -> None:
    home.mkdir(parents=True, exist_ok=True)
    client = client_of("TC01", Role.CLERK)
    client.raise_request_exception = False
    file = SimpleUploadedFile("a.txt", b"x")
    with only_read():
        pages = [
            client.post("/language", urlencode({"new_password": "bi-mat"}), content_type=FORM),
            client.post("/language", {"language": "en", "next": "/", "file": file}),
            client.post("/language", urlencode({"note": "x" * 500_000}), content_type=FORM),
        ]
        client.handler.enforce_csrf_checks = True
        pages.append(client.post("/language", urlencode({"language": "en"}), content_type=FORM))
    assert [page.status_code for page in pages] == [503, 503, 503, 403]
    for page in pages[:3]:
        assert 'type="hidden"' not in page.content.decode()
        assert "bi-mat" not in page.content.decode()
    assert "phím F5" in pages[1].content.decode()


def test_a_form_of_another_site_is_not_given_back_while_the_database_is_away() -> None:
    error = OperationalError("gone")
    error.__cause__ = RuntimeError("no answer")
    form = RequestFactory().post("/language", "language=en", content_type=FORM)
    form._dont_enforce_csrf_checks = False  # type: ignore[attr-defined]
    answer = unavailable(form, error)
    assert answer is not None
    assert 'type="hidden"' not in answer.content.decode()
    assert "có thể chưa được ghi" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_with_an_old_token_hears_that_the_database_is_away(client_of: SignIn) -> None:
    def gone(*_question: object) -> None:
        raise OperationalError("gone") from RuntimeError("no answer")

    client = client_of("TC01", Role.CLERK)
    client.raise_request_exception = False
    client.handler.enforce_csrf_checks = True
    typed = {"language": "en", "csrfmiddlewaretoken": "x" * 64}
    with connection.execute_wrapper(gone):
        answer = client.post("/language", urlencode(typed), content_type=FORM)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(ASK_AGAIN_S))
    assert 'type="hidden"' not in answer.content.decode()


def fields_of(page: str) -> list[tuple[str, str]]:
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(unescape(name), unescape(text)) for name, text in hidden]


@pytest.mark.asvs("V16.5.2")
def test_a_process_without_its_database_is_alive_and_says_503_before_it_reads(
    tmp_path: Path,
) -> None:
    # Two seconds of a real process: what a server does without its database shows nowhere else.
    gone = {"DATABASE_URL": f"postgresql://x@/x?host={tmp_path}", "QUETSACH_HOME": str(tmp_path)}
    with portal(gone) as (port, _group):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        line.request("GET", "/health")
        answer = line.getresponse()
        assert (answer.status, answer.read()) == (200, b"ok")
        line.request("GET", "/account/profile/", headers={"Cookie": "sessionid=" + "x" * 32})
        answer = line.getresponse()
        page = answer.read().decode()
        assert (answer.status, answer.headers["Retry-After"]) == (503, str(ASK_AGAIN_S))
        assert "Cổng tạm thời chưa trả lời được" in page
        assert "Traceback" not in page
        assert str(tmp_path) not in page
        line.close()
        # Not a byte of the body is sent: the answer comes all the same.
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        line.putrequest("POST", "/files/uploads")
        line.putheader("Cookie", "sessionid=" + "x" * 32)
        line.putheader("Content-Length", "50000000")
        line.endheaders()
        answer = line.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
        line.close()
