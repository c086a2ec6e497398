"""A web process is killed while files come in: nothing is lost, nothing is there twice."""

import http.client
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from quetsach_portal.api.tokens import make_token
from quetsach_portal.files.models import StoredFile
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.models import Submission
from quetsach_portal.people.models.roles import Role
from tests.portal.api.lists import publish
from tests.portal.config.test_front import ROOT, free_port
from tests.portal.world import make_world
from tests.waiting import wait_for_port

BOUNDARY = "ranh-gioi"
LOG = b"".join(
    f"2022-09-13T09:00:00+07:00 query from 10.1.1.{n % 200}: bad.example A\n".encode()
    for n in range(20_000)
)


@contextmanager
def portal(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve the portal as `quetsach serve` does, in a group of its own: its port and its group."""
    port = free_port()
    of_its_own = {"DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings"}
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "quetsach_portal.config.serving:front"),
            *("--interface", "rsgi", "--port", str(port), "--workers", "1"),
            *("--no-ws", "--log-level", "error"),
        ],
        env={**os.environ, **environment, **of_its_own, "PYTHONPATH": str(ROOT / "src")},
        start_new_session=True,
    )
    try:
        wait_for_port(port)
        yield port, process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)


def form(key: uuid.UUID) -> bytes:
    fields = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"kind": "logs", "key": str(key)}.items()
    )
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="dns.log"\r\n'
    rest = f"{head}Content-Type: text/plain\r\n\r\n"
    return (fields + rest).encode() + LOG + f"\r\n--{BOUNDARY}--\r\n".encode()


def begun(port: int, address: str, token: str, length: int) -> http.client.HTTPConnection:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    line.putrequest("POST", address)
    line.putheader("Authorization", f"Bearer {token}")
    line.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    line.putheader("Content-Length", str(length))
    line.endheaders()
    return line


def test_a_web_process_killed_amid_uploads_loses_and_doubles_nothing(
    own_database: dict[str, str], tmp_path: Path
) -> None:
    world = make_world()
    publish(world, tmp_path, "bad.example\n")
    token = make_token(
        world.units["TC01"],
        name="x",
        scopes=["evidence"],
        expires_on=timezone.localdate() + timedelta(days=5),
        actor=world.user("TC01", Role.FOCAL_POINT),
    )[1]
    address = f"/api/v1/nodes/{world.nodes['TC01'].pk}/submissions"
    in_the_middle, at_the_end = uuid.uuid4(), uuid.uuid4()

    with portal(own_database) as (port, group):
        half, whole = form(in_the_middle), form(at_the_end)
        lines = [begun(port, address, token, len(one)) for one in (half, whole)]
        lines[0].send(half[: len(half) // 2])
        lines[1].send(whole)
        # All is sent and nothing was said: it is being checked, moved or committed.
        os.killpg(group, signal.SIGKILL)
        for line in lines:
            line.close()
    before = set(Submission.objects.values_list("pk", flat=True))
    assert len(before) <= 1

    with portal(own_database) as (port, _group):
        for key in (in_the_middle, at_the_end, at_the_end):
            line = begun(port, address, token, len(form(key)))
            line.send(form(key))
            assert line.getresponse().status == 201
            line.close()

    assert before <= set(Submission.objects.values_list("pk", flat=True))
    assert Submission.objects.count() == 2
    kept = [one for row in Submission.objects.all() for one in row.files.all()]
    assert [path_of(one).read_bytes() == LOG for one in kept] == [True, True]
    assert StoredFile.objects.filter(purpose="evidence").count() == 2
