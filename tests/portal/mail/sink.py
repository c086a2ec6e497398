"""A mail server on the loopback that counts by Message-ID, and replies as a test asks it to."""

import asyncio
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP

Reply = Callable[[str], str]


@dataclass
class Gate:
    """A place where the server stops until a test lets it go on."""

    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def pass_through(self) -> None:
        """Say that the server is here, and wait."""
        self.reached.set()
        self.opened.wait(60)


def accept(address: str) -> str:
    """Return "": the server's own reply stands."""
    return ""


@dataclass
class Sink:
    """What came in.

    Shapes: the functions reply to a command for an address; "" is 250. `before_quit` is called
    when a client takes its leave. `replies` and `received` are the bytes of the conversations.
    """

    mails: list[tuple[str, bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    sender_reply: Reply = accept
    recipient_reply: Reply = accept
    data_reply: Reply = accept
    before_quit: Callable[[], None] = lambda: None
    replies: list[bytes] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0
    port: int = 0

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:
        if reply := self.sender_reply(address):
            return reply
        self.senders.append(address)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if reply := self.recipient_reply(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        recipient = envelope.rcpt_tos[0]
        if reply := self.data_reply(recipient):
            if reply == "cut":
                server.transport.abort()
            return reply
        self.mails.append((recipient, envelope.content))
        return "250 2.0.0 queued"

    async def handle_QUIT(self, server, session, envelope) -> str:
        self.before_quit()
        return "221 Bye"

    def by_id(self) -> Counter[str]:
        """Return how often each Message-ID came."""
        return Counter(message["Message-ID"] for message in self.messages())

    def messages(self) -> list[EmailMessage]:
        """Return the mails, read."""
        return [message_from_bytes(content, policy=default) for _to, content in self.mails]

    def recipients(self) -> list[str]:
        """Return to whom they went, sorted."""
        return sorted(to for to, _content in self.mails)


class WatchedSmtp(SMTP):
    """Notes what goes over the wire."""

    def connection_made(self, transport: Any) -> None:
        self.event_handler.connections += 1
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self.event_handler.received += data
        super().data_received(data)

    async def push(self, status: str | bytes) -> None:
        await super().push(status)
        self.event_handler.replies.append(status if isinstance(status, bytes) else status.encode())


@contextmanager
def running_sink(
    sink: Sink | None = None, *, implicit_tls: ssl.SSLContext | None = None, **options: Any
) -> Iterator[Sink]:
    """Run a sink in a thread while the block runs; the system picks its port."""
    taken = Sink() if sink is None else sink
    loop = asyncio.new_event_loop()

    async def listen() -> asyncio.Server:
        return await loop.create_server(
            lambda: WatchedSmtp(taken, hostname="sink.example", timeout=60, loop=loop, **options),
            "127.0.0.1",
            0,
            ssl=implicit_tls,
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
