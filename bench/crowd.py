"""People before a server on this machine, each request with its moment, whoever is slow.

Open loop: a time counts from the moment at which a request was due, so a server (or this program)
that falls behind shows it. Callers are told apart by the header that an own proxy would write.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)


@dataclass
class Told:
    """What came back. Units: seconds."""

    statuses: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    def share(self, status: str = "200") -> float:
        """Which part of the answers has this status."""
        return self.statuses[status] / max(1, self.statuses.total())

    def within(self, part: float) -> float:
        """The time within which this part of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def request(path: str, caller: str, body: str | None = None) -> bytes:
    """Return a request as a phone's browser writes it, behind the own proxy."""
    method = "GET" if body is None else "POST"
    lines = [
        f"{method} {path} HTTP/1.1",
        *("Host: tracuu.example", f"X-Forwarded-For: {caller}", f"User-Agent: {AGENT}"),
        "Accept-Encoding: gzip, deflate, br",
    ]
    if body is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode()


class Line:
    """A connection that stays."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, sent: bytes) -> tuple[str, bytes]:
        """Send a request; return status and body, or the error's name in the status's place."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(sent)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            body = await reader.readexactly(length)
            if head.startswith(b"http/1.0") or b"\r\nconnection: close" in head:
                self.close()
            return head[9:12].decode(), body
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            return type(error).__name__, b""

    def close(self) -> None:
        """End it; the next request opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def steady(
    port: int,
    requests: Sequence[bytes],
    rate: float,
    seconds: float,
    *,
    lines: int = 64,
    beside: Callable[[], None] | None = None,
) -> Told:
    """Ask for `requests` in turn, `rate` a second; `beside` is called each second meanwhile."""
    told, begin = Told(), time.perf_counter() + 0.2
    numbers = iter(range(int(rate * seconds)))

    async def one() -> None:
        line = Line(port)
        for number in numbers:
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            status, _ = await line.ask(requests[number % len(requests)])
            told.times.append(time.perf_counter() - due)
            told.statuses[status] += 1
        line.close()

    async def other() -> None:
        while beside is not None and time.perf_counter() < begin + seconds:
            await asyncio.sleep(1)
            await asyncio.to_thread(beside)

    await asyncio.gather(other(), *(one() for _ in range(lines)))
    return told


async def phones(port: int, paths: Sequence[str], count: int, caller: str, seconds: float) -> Told:
    """Let `count` phones behind one address come within `seconds`, each asking for all `paths`."""
    told = Told()

    async def one(number: int) -> None:
        await asyncio.sleep(number * seconds / count)
        line = Line(port)
        for path in paths:
            begin = time.perf_counter()
            status, _ = await line.ask(request(path, caller))
            told.times.append(time.perf_counter() - begin)
            told.statuses[status] += 1
        line.close()

    await asyncio.gather(*(one(number) for number in range(count)))
    return told
