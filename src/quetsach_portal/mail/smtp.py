"""Conversations with the mail server that say, for each mail, what became of it.

The point of no return is the end of the data: before it the server must forget the mail (RFC 5321,
4.1.1.4), after it only the server knows. So a mail goes in two steps, `prepare` and `finish`, and
its row is claimed in between. A far server takes its time for each of a mail's five replies, and a
disk for each commit; several lanes, in step, share both.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from quetsach_portal.mail.message import one_line
from quetsach_portal.mail.models import OutboxMail

_LINE_THAT_BEGINS_WITH_A_DOT = re.compile(rb"^\.", re.MULTILINE)

COMMAND_S = 60.0
END_OF_DATA_S = 600.0
"""How long the server may take for its reply to a whole mail. Source: RFC 5321, 4.5.3.2.6."""

SERVER_CLOSES = 421
MAILBOX_FULL = 552
"""In reply to RCPT it means "later" all the same. Source: RFC 5321, 4.5.3.1.10."""


class SmtpOutcome(StrEnum):
    """What became of one mail."""

    ACCEPTED = "accepted"
    LATER = "later"
    NO_SUCH_ADDRESS = "no such address"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SmtpReply:
    """The outcome, and the server's own words."""

    outcome: SmtpOutcome
    words: str = ""


class SmtpUnavailable(Exception):
    """The server cannot be worked with now; no mail was handed over, and the text says why."""


@dataclass(frozen=True)
class SmtpServer:
    """Where mails are handed over. Shapes: `tls` is "", "starttls" or "tls"."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = ""
    command_s: float = COMMAND_S
    end_of_data_s: float = END_OF_DATA_S


class SmtpConnection:
    """One open connection, used for many mails."""

    def __init__(self, server: SmtpServer) -> None:
        """Connect and sign in. Errors: SmtpUnavailable."""
        try:
            self._smtp = _connected(server)
        except (OSError, smtplib.SMTPException) as error:
            raise SmtpUnavailable(_words_of(error)) from error
        self._server = server
        self.is_open = True
        self.handed_over = 0

    def close(self) -> None:
        """Take leave, or just go where the server does not answer any more."""
        try:
            if self.is_open:
                self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            pass
        finally:
            self.drop()

    def drop(self) -> None:
        """End the connection without a word; a mail whose end was not sent is forgotten by that."""
        self.is_open = False
        self._smtp.close()

    def prepare(self, message: bytes, *, sender: str, recipient: str) -> SmtpReply | None:
        """Send all of `message` but its end; return the reply where one came before that.

        Errors: SmtpUnavailable when the server went or takes no mail at all.
        """
        try:
            early = self._envelope(sender, recipient)
            if early is None:
                self._smtp.send(_stuffed(message))
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise SmtpUnavailable(_words_of(error)) from error
        return early

    def finish(self) -> SmtpReply:
        """Send the end of the prepared mail, and return what the server says to it."""
        try:
            self._wait_at_most(self._server.end_of_data_s)
            self._smtp.send(b".\r\n")
            code, text = self._smtp.getreply()
            self._wait_at_most(self._server.command_s)
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            return SmtpReply(SmtpOutcome.UNKNOWN, _words_of(error))
        if 200 <= code < 300:
            self.handed_over += 1
            return SmtpReply(SmtpOutcome.ACCEPTED, _words(code, text))
        if not 400 <= code < 600:
            # No reply that the protocol knows here: the server may have taken the mail.
            self.drop()
            return SmtpReply(SmtpOutcome.UNKNOWN, _words(code, text))
        return self._refused_text(code, _words(code, text))

    def _envelope(self, sender: str, recipient: str) -> SmtpReply | None:
        """Return the reply that ends this mail before its text, or None to go on."""
        code, text = self._smtp.mail(sender)
        if code != 250:
            # Whatever is wrong with our own address is wrong for every mail.
            self.drop()
            raise SmtpUnavailable(_words(code, text))
        code, text = self._smtp.rcpt(recipient)
        if code not in (250, 251):
            return self._refused_recipient(code, _words(code, text))
        code, text = self._smtp.docmd("DATA")
        if code != 354:
            return self._refused_text(code, _words(code, text))
        return None

    def _wait_at_most(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _refused_recipient(self, code: int, words: str) -> SmtpReply:
        if code == SERVER_CLOSES:
            self.drop()
            raise SmtpUnavailable(words)
        self._smtp.rset()
        if code < 500 or code == MAILBOX_FULL:
            return SmtpReply(SmtpOutcome.LATER, words)
        # 5.7.x is policy (relaying, blocking): the address itself may be good (RFC 3463, 3.8).
        is_policy = re.match(r"\d{3} 5\.7\.", words) is not None
        outcome = SmtpOutcome.REFUSED if is_policy else SmtpOutcome.NO_SUCH_ADDRESS
        return SmtpReply(outcome, words)

    def _refused_text(self, code: int, words: str) -> SmtpReply:
        if code == SERVER_CLOSES:
            self.drop()
        return SmtpReply(SmtpOutcome.LATER if code < 500 else SmtpOutcome.REFUSED, words)


@dataclass
class SmtpLane:
    """A place for one connection, opened when a mail needs it."""

    connection: SmtpConnection | None = None


@dataclass
class OutgoingMail:
    """A mail in one lane: `reply` once there is one, `unavailable` why the server was not usable.

    `untouched` says that the server never saw the mail: the connection could not be opened.
    """

    mail: OutboxMail
    message: bytes
    recipient: str
    lane: SmtpLane
    reply: SmtpReply | None = None
    unavailable: str = ""
    untouched: bool = False

    @property
    def is_ready(self) -> bool:
        """True when only the end of the mail is still to be sent."""
        return self.reply is None and not self.unavailable


class SmtpLanes:
    """Up to `count` connections; one that cannot be opened while others work is given up."""

    def __init__(self, server: SmtpServer, count: int, sender: str) -> None:
        self._server, self._sender = server, sender
        self.open = [SmtpLane() for _ in range(count)]
        self._threads = ThreadPoolExecutor(max_workers=count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for lane in self.open:
            self._threads.submit(_close, lane)
        self._threads.shutdown()

    def prepare(self, batch: Sequence[OutgoingMail]) -> None:
        """Send all of `batch` up to their ends, and note in each what came of it."""
        self._each(self._prepare, batch)
        for outgoing in batch:
            if outgoing.untouched and outgoing.lane in self.open:
                self.open.remove(outgoing.lane)

    def finish(self, batch: Sequence[OutgoingMail]) -> None:
        """Send the end of each of `batch`, and note the replies."""
        self._each(_finish, batch)

    def _prepare(self, outgoing: OutgoingMail) -> None:
        connection = outgoing.lane.connection
        was_used = connection is not None and connection.is_open and connection.handed_over > 0
        try:
            self._prepare_once(outgoing)
        except SmtpUnavailable as error:
            outgoing.unavailable = str(error)
        if outgoing.unavailable and was_used:
            # Many servers close after so many mails: a new connection is tried once.
            outgoing.unavailable, outgoing.untouched = "", False
            try:
                self._prepare_once(outgoing)
            except SmtpUnavailable as error:
                outgoing.unavailable = str(error)

    def _prepare_once(self, outgoing: OutgoingMail) -> None:
        lane = outgoing.lane
        if lane.connection is None or not lane.connection.is_open:
            outgoing.untouched = True
            lane.connection = SmtpConnection(self._server)
            outgoing.untouched = False
        outgoing.reply = lane.connection.prepare(
            outgoing.message, sender=self._sender, recipient=outgoing.recipient
        )

    def _each(self, act: Callable[[OutgoingMail], None], batch: Sequence[OutgoingMail]) -> None:
        for _done in self._threads.map(act, batch):
            pass


def _finish(outgoing: OutgoingMail) -> None:
    assert outgoing.lane.connection is not None
    outgoing.reply = outgoing.lane.connection.finish()


def _close(lane: SmtpLane) -> None:
    if lane.connection is not None:
        lane.connection.close()


def _connected(server: SmtpServer) -> smtplib.SMTP:
    if server.tls == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host,
            server.port,
            timeout=server.command_s,
            context=ssl.create_default_context(),
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=server.command_s)
    try:
        if smtp.sock is not None:
            # The end of the data is a packet of its own, and must not wait for the one before it.
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _stuffed(message: bytes) -> bytes:
    """Return `message` with CRLF alone, its leading dots doubled (RFC 5321, 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return _LINE_THAT_BEGINS_WITH_A_DOT.sub(b"..", lines)


def _words(code: int, text: bytes) -> str:
    return one_line(f"{code} {text.decode('utf-8', 'replace')}")[:500]


def _words_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _words(error.smtp_code, text if isinstance(text, bytes) else str(text).encode())
    shown = f"{type(error).__name__}: {error}"
    return "".join(sign if sign.isprintable() else " " for sign in shown)[:500]
