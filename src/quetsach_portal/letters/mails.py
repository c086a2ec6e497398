"""The mail that tells of a letter: plain text, one link that shows a page, nothing that tracks."""

from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.letters.links import page_of_letter
from quetsach_portal.letters.models import About, Dispatch, Letter
from quetsach_portal.letters.receivers import on_the_wire


def mail_of(row: Dispatch, letter: Letter, *, at: datetime) -> bytes:
    """Return the mail for `row`, the same Message-ID whenever it is made.

    Whatever stands in names and subjects, each header is one line (C1).
    """
    with translation.override(row.language):
        message = EmailMessage(policy=SMTP)
        message["From"] = _from(letter)
        message["To"] = _named(row.person, on_the_wire(row.address))
        message["Subject"] = one_line(_subject(row, letter))
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{row.key}@{_host()}>"
        # Nobody's absence notice shall answer a machine (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_text(row, letter), cte="quoted-printable")
        message["Content-Language"] = row.language
    return message.as_bytes()


def one_line(text: str) -> str:
    """Return `text` in one line without control characters; nothing in it can begin a header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def sender() -> str:
    """Return the address that answers and bounces go to."""
    return parseaddr(str(settings.DEFAULT_FROM_EMAIL))[1]


def _subject(row: Dispatch, letter: Letter) -> str:
    if row.about == About.WITHDRAWAL:
        return _("Withdrawn: letter %(number)s – %(subject)s") % _facts(letter)
    return _("Letter %(number)s – %(subject)s") % _facts(letter)


def _text(row: Dispatch, letter: Letter) -> str:
    facts = {**_facts(letter), "unit": one_line(row.to_node.name_at_freeze)}
    lines = [_("To: %(unit)s") % facts, ""]
    if row.about == About.WITHDRAWAL:
        lines += [
            _("%(issuer)s has withdrawn its letter %(number)s of %(day)s: %(subject)s.") % facts,
            _("Reason: %(why)s") % {"why": one_line(letter.withdrawn_why)},
            _("Please do not act on it any more. Your receipt stays on record."),
        ]
    else:
        lines.append(_("%(issuer)s sends you letter %(number)s of %(day)s: %(subject)s.") % facts)
        if letter.deadline is not None:
            deadline = date_format(letter.deadline, "SHORT_DATE_FORMAT")
            lines.append(_("Report due: before %(day)s.") % {"day": deadline})
        lines += ["", _("Read the letter and confirm that you received it (you sign in there):")]
    lines += [
        page_of_letter(letter),
        "",
        _("This mail brings no file and asks for no password. The portal's address is %(url)s.")
        % {"url": settings.QUETSACH.public_url},
    ]
    return "\n".join(lines) + "\n"


def _facts(letter: Letter) -> dict[str, str]:
    return {
        "number": one_line(letter.full_number),
        "subject": one_line(letter.subject),
        "issuer": one_line(letter.issuer_name),
        "day": "…"
        if letter.signed_on is None
        else date_format(letter.signed_on, "SHORT_DATE_FORMAT"),
    }


def _from(letter: Letter) -> MailAddress:
    return _named(letter.issuer_name, sender())


def _named(name: str, mail: str) -> MailAddress:
    local, _at, domain = mail.rpartition("@")
    return MailAddress(one_line(name)[:78], username=local, domain=domain)


def _host() -> str:
    return urlsplit(settings.QUETSACH.public_url).hostname or "localhost"
