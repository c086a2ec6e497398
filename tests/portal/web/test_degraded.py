"""A portal whose database can be read and not written, and one whose database has gone."""

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection
from django.test import Client
from django.utils import timezone

from quetsach_portal.people import sessions
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web import write_stops
from quetsach_portal.web.degraded import ASK_AGAIN_S
from tests.portal.config.test_killed_web import portal

SignIn = Callable[[str, Role], Client]


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
        assert f"{since.astimezone(page.context['not_written_since'].tzinfo):%d/%m/%Y}" in shown
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
