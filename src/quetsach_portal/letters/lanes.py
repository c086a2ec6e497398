"""Several conversations with the mail server side by side, in step, so that one commit serves all.

A far server takes its time for each of a mail's five answers, and a disk takes its time for each
commit; four lanes share both.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self, TypeVar

from quetsach_portal.letters.models import Dispatch
from quetsach_portal.letters.smtp_line import ServerAway, SmtpLine, SmtpReply, SmtpServer

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class PooledConnection:
    """A place for one connection, opened when a mail needs it."""

    line: SmtpLine | None = None


@dataclass
class OutgoingMail:
    """A mail in one lane: `answer` once there is one, `away` why the server could not be used.

    `untouched` says that the server never saw the mail: the connection could not be opened.
    """

    row: Dispatch
    message: bytes
    recipient: str
    lane: PooledConnection
    answer: SmtpReply | None = None
    away: str = ""
    untouched: bool = False

    @property
    def is_ready(self) -> bool:
        """True when only the end of the mail is still to be sent."""
        return self.answer is None and not self.away


class ConnectionPool:
    """Up to `count` connections; one that cannot be opened while others work is given up."""

    def __init__(self, server: SmtpServer, count: int, sender: str) -> None:
        self._server, self._sender = server, sender
        self.open = [PooledConnection() for _ in range(count)]
        self._threads = ThreadPoolExecutor(max_workers=count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._each(_close, self.open)
        self._threads.shutdown()

    def prepare(self, mails: Sequence[OutgoingMail]) -> None:
        """Send all mails up to their end, and note in each what came of it."""
        self._each(self._prepare, mails)
        for mail in mails:
            if mail.untouched and mail.lane in self.open:
                self.open.remove(mail.lane)

    def finish(self, mails: Sequence[OutgoingMail]) -> None:
        """Send the end of each of `mails`, and note the answers."""
        self._each(_finish, mails)

    def _prepare(self, mail: OutgoingMail) -> None:
        lane = mail.lane
        was_used = lane.line is not None and lane.line.is_open and lane.line.handed_over > 0
        try:
            self._prepare_on(lane, mail)
        except ServerAway:
            if not was_used:
                return
            # Many servers close after so many mails: a new connection is asked once.
            mail.away, mail.untouched = "", False
            try:
                self._prepare_on(lane, mail)
            except ServerAway:
                return

    def _prepare_on(self, lane: PooledConnection, mail: OutgoingMail) -> None:
        try:
            if lane.line is None or not lane.line.is_open:
                mail.untouched = True
                lane.line = SmtpLine(self._server)
                mail.untouched = False
            mail.answer = lane.line.prepare(
                mail.message, sender=self._sender, recipient=mail.recipient
            )
        except ServerAway as error:
            mail.away = str(error)
            raise

    def _each(self, act: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        return list(self._threads.map(act, items))


def _finish(mail: OutgoingMail) -> None:
    assert mail.lane.line is not None
    mail.answer = mail.lane.line.finish()


def _close(lane: PooledConnection) -> None:
    if lane.line is not None:
        lane.line.close()
