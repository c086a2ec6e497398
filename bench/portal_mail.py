"""How fast the portal hands a letter's mails to a mail server, and that each comes exactly once.

`python -m bench.portal_mail [mails]` prints it; `measure` is for other programs. A database of its
own is made, SQLite in a folder that goes away, or the empty one that DATABASE_URL names. The mail
server is a sink on the loopback in a process of its own, the sender the usual `manage work`.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE_S = 600.0


@dataclass(frozen=True)
class MailRun:
    """How one dispatch went. Units: seconds, from the first mail to the last."""

    mails: int
    seconds: float
    once: bool

    @property
    def rate(self) -> float:
        """Mails a second."""
        return self.mails / self.seconds


def measure(mails: int = 3000) -> MailRun:
    """Release a letter to `mails` units and return how its mails came in at the sink."""
    with tempfile.TemporaryDirectory(prefix="quetsach-mail-") as name:
        home = Path(name)
        sink = subprocess.Popen(
            [sys.executable, "-m", "bench.portal_mail", "sink", str(home / "ids")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert sink.stdout is not None
        environment = _environment(home, sink.stdout.readline().strip())
        try:
            _run(environment, "-m", "quetsach_portal.manage", "migrate", "-v0")
            _run(environment, "-m", "bench.portal_mail", "fill", str(mails))
            worker = subprocess.Popen(
                [sys.executable, "-m", "quetsach_portal.manage", "work"], cwd=ROOT, env=environment
            )
            try:
                return _watched(home / "ids", mails)
            finally:
                worker.terminate()
                worker.wait()
        finally:
            sink.terminate()
            sink.wait()
            sink.stdout.close()


def _watched(ids: Path, mails: int) -> MailRun:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        lines = ids.read_text().splitlines() if ids.exists() else []
        if len(lines) >= mails:
            # A second copy would come right behind.
            time.sleep(2.0)
            break
        time.sleep(0.5)
    came = [line.split(" ") for line in ids.read_text().splitlines()]
    counted = Counter(message_id for _at, message_id in came)
    once = len(counted) == mails and set(counted.values()) == {1}
    times = [float(at) for at, _message_id in came]
    return MailRun(len(came), max(times) - min(times), once)


def _environment(home: Path, port: str) -> dict[str, str]:
    return {
        **os.environ,
        "QUETSACH_HOME": str(home),
        "QUETSACH_SMTP_HOST": "127.0.0.1",
        "QUETSACH_SMTP_PORT": port,
        "QUETSACH_MAIL_PER_SECOND": "0",
        "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
    }


def _run(environment: Mapping[str, str], *words: str) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)


def _fill(mails: int) -> None:
    """Make a campaign with so many units, and release a letter to them all."""
    import django

    django.setup()
    from quetsach_portal.letters.actions.release import release
    from quetsach_portal.letters.recipients import DeliveryChannels
    from quetsach_portal.people.models.roles import Role
    from tests.portal.letters.staged import more_children, numbered
    from tests.portal.world import make_world

    world = make_world()
    more_children(world, mails)
    letter = numbered(world)
    begun = time.perf_counter()
    release(letter.pk, DeliveryChannels(), start_mails=True, actor=world.user("TC", Role.CLERK))
    print(f"released to {mails + 2} units in {time.perf_counter() - begun:.2f} s")


def _sink(path: str) -> None:
    """Take mails on a free port, which is printed; write time and Message-ID of each to `path`."""
    from aiosmtpd.smtp import SMTP

    with Path(path).open("a", buffering=1) as file:

        class Taking:
            """Takes every mail."""

            async def handle_DATA(self, _server, _session, envelope) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
                head = envelope.content.split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
                name = next(x for x in head.split("\r\n") if x.lower().startswith("message-id:"))
                file.write(f"{time.time()} {name[11:].strip()}\n")
                return "250 2.0.0 taken"

        async def listen() -> None:
            loop = asyncio.get_running_loop()
            server = await loop.create_server(
                lambda: SMTP(Taking(), hostname="sink.example", loop=loop), "127.0.0.1", 0
            )
            print(server.sockets[0].getsockname()[1], flush=True)
            await server.serve_forever()

        asyncio.run(listen())


def main(words: list[str]) -> None:
    """Measure, or be one of the processes that take part."""
    match words:
        case ["sink", path]:
            _sink(path)
        case ["fill", mails]:
            _fill(int(mails))
        case _:
            run = measure(int(words[0]) if words else 3000)
            print(f"{run.mails} mails in {run.seconds:.1f} s: {run.rate:.0f}/s, once: {run.once}")


if __name__ == "__main__":
    main(sys.argv[1:])
