"""A real portal on a disk that is really full: it can be read, says since when, and comes back."""

import http.client
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.portal.config.test_front import ROOT, free_port
from tests.portal.config.test_postgres_troubles import fill, small_disk
from tests.waiting import wait_until
from tests.whole import WHOLE

pytestmark = pytest.mark.skipif(not WHOLE, reason="a disk is filled: make check-whole")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BAND = "Cổng hiện chỉ đọc được"


class Portal:
    """A portal of `serve` on a small disk, with its public page."""

    def __init__(self, home: Path, log: Path) -> None:
        self.home, self.port, self.log = home, free_port(), log
        surroundings = {
            "QUETSACH_HOME": str(home),
            "DATABASE_URL": "",
            "QUETSACH_SECOND_FACTOR": "off",
            "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        words = [sys.executable, "-m", "quetsach_portal.manage", "serve", "--port", str(self.port)]
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                words, env={**os.environ, **surroundings}, stdout=said, stderr=subprocess.STDOUT
            )

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, str, str]:
        """Return status, page and cookie; nobody ever sees a 500."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            page = answer.read().decode()
            assert answer.status != 500, page
            return answer.status, page, (answer.headers["Set-Cookie"] or "").partition(";")[0]
        finally:
            line.close()

    def sign_in(self, number: int) -> tuple[int, str]:
        """Try to sign in as nobody: the trail has to hold it."""
        status, page, cookie = self.ask("GET", "/account/login/")
        assert status == 200, page
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
        fields = {"login": f"ai{number}@coquan.example", "password": "mot cau mat khau rat dai"}
        body = urlencode({**fields, "csrfmiddlewaretoken": token})
        status, page, _cookie = self.ask("POST", "/account/login/", body, **FORM, Cookie=cookie)
        return status, page

    def answers(self) -> bool:
        """Return whether it is there. Errors: AssertionError once its process has ended."""
        assert self.process.poll() is None, self.log.read_text()
        with suppress(OSError):
            return self.ask("GET", "/account/login/")[0] == 200
        return False


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk("160m") as place:
        if place is None:
            pytest.skip("NO DISK CAN BE MOUNTED HERE: a full disk of the home was not tried")
        yield place


def test_a_portal_on_a_full_disk_is_read_and_comes_back_by_itself(
    disk: Path, tmp_path: Path
) -> None:
    portal = Portal(disk / "home", tmp_path / "serve.log")
    try:
        wait_until(portal.answers, "the portal begins")
        assert portal.sign_in(0)[0] == 200
        filler = fill(disk)
        answers = [(0, "")]
        while answers[-1][0] != 503:
            assert len(answers) < 100, "its disk is full, and it writes on"
            answers.append(portal.sign_in(len(answers)))
        assert "Cổng đang chỉ đọc được" in answers[-1][1]
        status, page, _cookie = portal.ask("GET", "/account/login/")
        assert (status, BAND in page) == (200, True)
        assert "writing: stopped since" in portal.ask("GET", "/ready")[1]
        assert portal.ask("GET", "/health")[:2] == (200, "ok")
        # A large body is refused before it is read: nobody is signed in, and there is no room.
        line = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=120)
        line.putrequest("POST", "/files/uploads")
        line.putheader("Content-Length", "50000000")
        line.endheaders()
        assert line.getresponse().status in (413, 503, 507)
        line.close()
        filler.unlink()
        wait_until(
            lambda: BAND not in portal.ask("GET", "/account/login/")[1], "the band goes by itself"
        )
        assert portal.sign_in(999)[0] == 200
        assert "Traceback" not in portal.log.read_text()
    finally:
        portal.process.terminate()
        portal.process.wait(timeout=120)
    with closing(sqlite3.connect(disk / "home/portal.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
