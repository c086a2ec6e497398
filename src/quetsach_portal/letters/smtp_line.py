"""A conversation with the mail server that says, for each mail, what became of it.

The point of no return is the end of the data: before it the server must forget the mail (RFC 5321,
4.1.1.4), after it only the server knows. So the row is claimed right before that end is sent.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_LINE_THAT_BEGINS_WITH_A_DOT = re.compile(rb"^\.", re.MULTILINE)

COMMAND_S = 60.0
END_OF_DATA_S = 600.0
"""How long the server may take for its answer to a whole mail. Source: RFC 5321, 4.5.3.2.6."""

SERVER_CLOSES = 421
MAILBOX_FULL = 552
"""Said to RCPT it means "later" all the same. Source: RFC 5321, 4.5.3.1.10."""


class Outcome(StrEnum):
    """What became of one mail."""

    ACCEPTED = "accepted"
    LATER = "later"
    NO_SUCH_ADDRESS = "no such address"
    REFUSED = "refused"
    NOT_OURS = "not ours"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """The outcome, and the server's own words."""

    outcome: Outcome
    reply: str = ""


class ServerAway(Exception):
    """The server cannot be worked with now; no mail was handed over, and the text says why."""


@dataclass(frozen=True)
class Server:
    """Where mails are handed over. Shapes: `tls` is "", "starttls" or "tls"."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = ""


class SmtpLine:
    """One open connection, used for many mails."""

    def __init__(self, server: Server) -> None:
        """Connect and sign in. Errors: ServerAway."""
        try:
            self._smtp = _connected(server)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(_said(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def hand_over(
        self, message: bytes, *, sender: str, recipient: str, claim: Callable[[], bool]
    ) -> Answer:
        """Return what became of `message`; `claim` is asked right before its end is sent.

        Where `claim` says no, the connection is dropped and the answer is NOT_OURS.
        Errors: ServerAway when the server went or refused everything before that point.
        """
        try:
            early = self._envelope(sender, recipient)
            if early is not None:
                return early
            self._smtp.send(_stuffed(message))
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(_said(error)) from error
        if not claim():
            self._smtp.close()
            return Answer(Outcome.NOT_OURS)
        return self._end()

    def _envelope(self, sender: str, recipient: str) -> Answer | None:
        """Return the answer that ends this mail before its data, or None to go on."""
        code, said = self._smtp.mail(sender)
        if code != 250:
            # Whatever is wrong with our own address is wrong for every mail.
            self._drop()
            raise ServerAway(_words(code, said))
        code, said = self._smtp.rcpt(recipient)
        if code not in (250, 251):
            return self._refused_recipient(code, _words(code, said))
        code, said = self._smtp.docmd("DATA")
        if code != 354:
            return self._refused_data(code, _words(code, said))
        return None

    def _end(self) -> Answer:
        try:
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(END_OF_DATA_S)
            self._smtp.send(b".\r\n")
            code, said = self._smtp.getreply()
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(COMMAND_S)
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            return Answer(Outcome.UNKNOWN, _said(error))
        if code == 250:
            return Answer(Outcome.ACCEPTED, _words(code, said))
        return self._refused_data(code, _words(code, said))

    def _refused_recipient(self, code: int, words: str) -> Answer:
        if code == SERVER_CLOSES:
            self._drop()
            raise ServerAway(words)
        self._smtp.rset()
        if code < 500 or code == MAILBOX_FULL:
            return Answer(Outcome.LATER, words)
        # 5.7.x is policy (relaying, blocking): the address itself may be good (RFC 3463, 3.8).
        policy = re.match(r"\d{3} 5\.7\.", words)
        return Answer(Outcome.REFUSED if policy else Outcome.NO_SUCH_ADDRESS, words)

    def _refused_data(self, code: int, words: str) -> Answer:
        if code == SERVER_CLOSES:
            self._drop()
        return Answer(Outcome.LATER if code < 500 else Outcome.REFUSED, words)

    def _drop(self) -> None:
        self._smtp.close()


def _connected(server: Server) -> smtplib.SMTP:
    if server.tls == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=COMMAND_S, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=COMMAND_S)
    try:
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
