"""A real portal on a PostgreSQL that is away, full, only for reading, or out of connections.

Whatever happens, nobody sees a 500, and the portal is complete by itself once the database is.
"""

import http.client
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench.postgres_server import PostgresServer, postgres_server, programs
from tests.portal.config.test_front import ROOT, free_port
from tests.waiting import wait_until
from tests.whole import WHOLE

pytestmark = [
    pytest.mark.skipif(not WHOLE, reason="a server is stopped and started: make check-whole"),
    pytest.mark.skipif(
        programs() is None, reason="POSTGRESQL IS NOT HERE: its troubles were not tried"
    ),
]
SMALL = {"max_connections": 10, "superuser_reserved_connections": 0, "max_wal_size": "64MB"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Served:
    """A portal of `serve`, its port, its database and what it says."""

    port: int
    database: PostgresServer
    log: Path
    process: "subprocess.Popen[bytes]"

    def get(self, path: str) -> tuple[int, str]:
        """Return status and page; of a 503 it is asked when to come again."""
        return self._asked("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Send the form of `path`, with what its page says of its origin."""
        status, page = self.get(path)
        assert status == 200, page
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
        cookie = self.cookie
        fields = {**fields, "csrfmiddlewaretoken": token}
        return self._asked("POST", path, urlencode(fields), {**FORM, "Cookie": cookie})

    def _asked(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            self.cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
            page = answer.read().decode()
            assert answer.status != 500, page
            if answer.status == 503 and path not in ("/ready", "/health"):
                assert answer.headers["Retry-After"] == "30"
            return answer.status, page
        finally:
            line.close()

    def comes_back(self) -> None:
        """Return once the portal is complete again."""
        wait_until(lambda: self.get("/account/login/")[0] == 200, "the portal comes back")


@contextmanager
def served(
    database: PostgresServer, home: Path, *, waits_for: str = "/account/login/"
) -> Iterator[Served]:
    port, log = free_port(), home / "serve.log"
    surroundings = {
        "QUETSACH_HOME": str(home),
        "DATABASE_URL": database.url,
        "QUETSACH_SECOND_FACTOR": "off",
        "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "LANGUAGE": "en",
    }
    words = [sys.executable, "-m", "quetsach_portal.manage", "serve", "--port", str(port)]
    with log.open("wb") as said:
        process = subprocess.Popen(
            words, env={**os.environ, **surroundings}, stdout=said, stderr=subprocess.STDOUT
        )
    portal = Served(port, database, log, process)
    try:

        def answers() -> bool:
            assert process.poll() is None, log.read_text()
            with suppress(OSError):
                return portal.get(waits_for)[0] == 200
            return False

        wait_until(answers, "the portal begins")
        yield portal
    finally:
        process.terminate()
        process.wait(timeout=120)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Begin while the server is away, see it come, and serve on."""
    home = tmp_path_factory.mktemp("home")
    with ExitStack() as stack:
        database = stack.enter_context(postgres_server(SMALL))
        database.stop()
        portal = stack.enter_context(served(database, home, waits_for="/health"))
        status, page = portal.get("/account/login/")
        assert status == 503
        assert "Cổng tạm thời chưa trả lời được" in page
        wait_until(lambda: "does not answer" in portal.log.read_text(), "it says so")
        assert "Traceback" not in portal.log.read_text()
        database.start(**SMALL)
        portal.comes_back()
        wait_until(lambda: "The database answers" in portal.log.read_text(), "it says so")
        wait_until(lambda: "worker: ok" in portal.get("/ready")[1], "the workers begin")
        yield portal
        assert "Traceback" not in portal.log.read_text()


def test_a_server_that_is_killed_and_comes_again_costs_nobody_more_than_a_wait(
    portal: Served,
) -> None:
    portal.database.stop("immediate")
    for _turn in range(20):
        assert portal.get("/account/login/")[0] == 503
    assert portal.get("/health") == (200, "ok")
    assert portal.get("/ready")[1].startswith("database: no answer")
    portal.database.start(**SMALL)
    portal.comes_back()


def test_connections_that_the_server_ends_are_made_anew(portal: Served) -> None:
    for _turn in range(5):
        portal.database.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        assert portal.get("/account/login/")[0] in (200, 503)
    portal.comes_back()


def test_out_of_connections_pages_wait_for_their_turn(portal: Served) -> None:
    import psycopg

    taken = []
    try:
        with suppress(psycopg.OperationalError):
            while len(taken) < 20:
                taken.append(psycopg.connect(portal.database.url))
        assert len(taken) < 20
        statuses = {portal.get("/account/login/")[0] for _turn in range(30)}
        assert statuses <= {200, 503}
    finally:
        for connection in taken:
            connection.close()
    portal.comes_back()


def test_a_server_only_for_reading_is_said_on_every_page_until_it_writes_again(
    portal: Served,
) -> None:
    database = portal.database
    database.ask("ALTER SYSTEM SET default_transaction_read_only = on")
    database.ask("SELECT pg_reload_conf()")
    sign_in = tried(0)
    wait_until(lambda: portal.post("/account/login/", sign_in)[0] == 503, "a write is refused")
    status, page = portal.post("/account/login/", sign_in)
    assert (status, "Cổng đang chỉ đọc được" in page) == (503, True)
    assert "mot cau mat khau" not in page, "a password is not given back"
    assert "Cổng hiện chỉ đọc được" in portal.get("/account/login/")[1]
    assert "writing: stopped since" in portal.get("/ready")[1]
    database.ask("ALTER SYSTEM RESET default_transaction_read_only")
    database.ask("SELECT pg_reload_conf()")
    wait_until(
        lambda: "Cổng hiện chỉ đọc được" not in portal.get("/account/login/")[1], "the band goes"
    )
    assert portal.post("/account/login/", sign_in)[0] == 200


def test_a_full_disk_of_the_server_costs_nobody_more_than_a_wait(tmp_path: Path) -> None:
    with small_disk("220m") as disk:
        if disk is None:
            pytest.skip("NO DISK CAN BE MOUNTED HERE: a full disk of the server was not tried")
        with (
            postgres_server(SMALL, folder=disk) as database,
            served(database, tmp_path) as portal,
        ):
            filler = fill(disk)
            statuses = []
            while 503 not in statuses:
                assert len(statuses) < 100, "its disk is full, and it writes on"
                status, _page = portal.get("/account/login/")
                if status == 200:
                    status, _page = portal.post("/account/login/", tried(len(statuses)))
                statuses.append(status)
            filler.unlink()
            if not _is_up(database):
                database.start(**SMALL)
            portal.comes_back()
            wait_until(lambda: portal.post("/account/login/", tried(999))[0] == 200, "it writes")
            assert "Traceback" not in portal.log.read_text()


@contextmanager
def small_disk(size: str) -> Iterator[Path | None]:
    """Mount a small disk, and return its place; None where nobody may."""
    # Below the folder of a test the server's own user may not go.
    place = Path(tempfile.mkdtemp(prefix="quetsach-disk."))
    words = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(place)]
    try:
        if sys.platform != "linux" or os.getuid() or subprocess.run(words, check=False).returncode:
            yield None
            return
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", str(place)], check=True)
    finally:
        place.rmdir()


def fill(disk: Path) -> Path:
    """Take all room of `disk`, and return the file that has it."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))
    with suppress(OSError), filler.open("ab", buffering=0) as file:
        while True:
            file.write(b"x")
    return filler


def tried(number: int) -> dict[str, str]:
    """Return a sign-in that is refused, which the trail has to hold."""
    return {"login": f"ai{number}@coquan.example", "password": "mot cau mat khau rat dai"}


def _is_up(database: PostgresServer) -> bool:
    with suppress(subprocess.CalledProcessError):
        return database.ask("SELECT 1") == "1"
    return False
