"""A mail server on the loopback that counts by Message-ID, and answers as it is told."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP


@dataclass
class Sink:
    """What came in. `recipient_answer` and `data_answer` may answer for a recipient; "" is 250.

    After `stops_at` mails it is silent until `goes_on` is set.
    """

    mails: list[tuple[str, bytes]] = field(default_factory=list)
    recipient_answer: Callable[[str], str] = lambda address: ""
    data_answer: Callable[[str], str] = lambda address: ""
    delay_s: float = 0.0
    stops_at: int = -1
    goes_on: threading.Event = field(default_factory=threading.Event)
    slow: threading.Event = field(default_factory=threading.Event)
    """Set, it ends all delays."""
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        answer = self.recipient_answer(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        answer = self.data_answer(envelope.rcpt_tos[0])
        if answer:
            return answer
        if len(self.mails) == self.stops_at:
            self.goes_on.wait(60)
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        if self.delay_s:
            self.slow.wait(self.delay_s)
        return "250 2.0.0 queued"

    def by_id(self) -> Counter[str]:
        """Return how often each Message-ID came."""
        return Counter(message["Message-ID"] for message in self.messages())

    def messages(self) -> list[EmailMessage]:
        """Return the mails, read."""
        return [message_from_bytes(content, policy=default) for _to, content in self.mails]

    def recipients(self) -> list[str]:
        """Return to whom they went, sorted."""
        return sorted(to for to, _content in self.mails)


@contextmanager
def running_sink(sink: Sink | None = None) -> Iterator[Sink]:
    """Run a sink in a thread while the block runs; the system picks its port."""
    taken = Sink() if sink is None else sink
    loop = asyncio.new_event_loop()

    async def listen() -> asyncio.Server:
        return await loop.create_server(
            lambda: SMTP(taken, hostname="sink.example", timeout=60, loop=loop), "127.0.0.1", 0
        )

    server = loop.run_until_complete(listen())
    taken.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield taken
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
