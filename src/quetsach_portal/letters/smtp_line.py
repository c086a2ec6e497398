"""A conversation with the mail server that says, for each mail, what became of it.

The point of no return is the end of the data: before it the server must forget the mail (RFC 5321,
4.1.1.4), after it only the server knows. So a mail goes in two steps, `prepare` and `finish`, and
its row is claimed in between.
"""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import StrEnum

_LINE_THAT_BEGINS_WITH_A_DOT = re.compile(rb"^\.", re.MULTILINE)

COMMAND_S = 60.0
END_OF_DATA_S = 600.0
"""How long the server may take for its answer to a whole mail. Source: RFC 5321, 4.5.3.2.6."""

SERVER_CLOSES = 421
MAILBOX_FULL = 552
"""Said to RCPT it means "later" all the same. Source: RFC 5321, 4.5.3.1.10."""


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
    reply: str = ""


class ServerAway(Exception):
    """The server cannot be worked with now; no mail was handed over, and the text says why."""


@dataclass(frozen=True)
class SmtpServer:
    """Where mails are handed over. Shapes: `tls` is "", "starttls" or "tls"."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = ""


class SmtpLine:
    """One open connection, used for many mails."""

    def __init__(self, server: SmtpServer) -> None:
        """Connect and sign in. Errors: ServerAway."""
        try:
            self._smtp = _connected(server)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(_said(error)) from error
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
        """Send all of `message` but its end; return the answer where it came to one before.

        Errors: ServerAway when the server went or takes no mail at all.
        """
        try:
            early = self._envelope(sender, recipient)
            if early is None:
                self._smtp.send(_stuffed(message))
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise ServerAway(_said(error)) from error
        return early

    def finish(self) -> SmtpReply:
        """Send the end of the prepared mail, and return what the server says to it."""
        try:
            self._wait_at_most(END_OF_DATA_S)
            self._smtp.send(b".\r\n")
            code, said = self._smtp.getreply()
            self._wait_at_most(COMMAND_S)
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            return SmtpReply(SmtpOutcome.UNKNOWN, _said(error))
        if code == 250:
            self.handed_over += 1
            return SmtpReply(SmtpOutcome.ACCEPTED, _words(code, said))
        return self._refused_data(code, _words(code, said))

    def _envelope(self, sender: str, recipient: str) -> SmtpReply | None:
        """Return the answer that ends this mail before its data, or None to go on."""
        code, said = self._smtp.mail(sender)
        if code != 250:
            # Whatever is wrong with our own address is wrong for every mail.
            self.drop()
            raise ServerAway(_words(code, said))
        code, said = self._smtp.rcpt(recipient)
        if code not in (250, 251):
            return self._refused_recipient(code, _words(code, said))
        code, said = self._smtp.docmd("DATA")
        if code != 354:
            return self._refused_data(code, _words(code, said))
        return None

    def _wait_at_most(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _refused_recipient(self, code: int, words: str) -> SmtpReply:
        if code == SERVER_CLOSES:
            self.drop()
            raise ServerAway(words)
        self._smtp.rset()
        if code < 500 or code == MAILBOX_FULL:
            return SmtpReply(SmtpOutcome.LATER, words)
        # 5.7.x is policy (relaying, blocking): the address itself may be good (RFC 3463, 3.8).
        policy = re.match(r"\d{3} 5\.7\.", words)
        return SmtpReply(SmtpOutcome.REFUSED if policy else SmtpOutcome.NO_SUCH_ADDRESS, words)

    def _refused_data(self, code: int, words: str) -> SmtpReply:
        if code == SERVER_CLOSES:
            self.drop()
        return SmtpReply(SmtpOutcome.LATER if code < 500 else SmtpOutcome.REFUSED, words)


def _connected(server: SmtpServer) -> smtplib.SMTP:
    if server.tls == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=COMMAND_S, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=COMMAND_S)
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


def _words(code: int, said: bytes) -> str:
    text = said.decode("utf-8", "replace")
    return " ".join("".join(s if s.isprintable() else " " for s in f"{code} {text}").split())[:500]


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _words(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    text = f"{type(error).__name__}: {error}"
    return "".join(sign if sign.isprintable() else " " for sign in text)[:500]
