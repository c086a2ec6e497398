"""The dry run: every mail is made, none is sent; what would go wrong is shown before it does."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from quetsach_portal.jobs.work import Work
from quetsach_portal.letters.mails import mail_of
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState, Letter, Mailing
from quetsach_portal.letters.recipients import Ways, recipients_of, rows_of_issue

KIND = "letters.rehearse"
SAMPLES = 5
MOST_LISTED = 500


def run(work: Work) -> None:
    """Make all mails of a letter as its release would, and keep what came of it."""
    letter = Letter.objects.select_related("node__unit", "campaign").get(
        pk=work.payload["letter_id"]
    )
    found = rehearse(letter, work)
    with work.finishing():
        mailing, _is_new = Mailing.objects.get_or_create(letter=letter)
        mailing.rehearsal, mailing.rehearsed_at = found, timezone.now()
        mailing.save(update_fields=["rehearsal", "rehearsed_at"])


def rehearse(letter: Letter, work: Work | None = None) -> dict[str, Any]:
    """Return what a release would do now: counts, broken addresses, unreached units, samples."""
    nodes = recipients_of(letter)
    broken: list[dict[str, str]] = []
    unreached: list[str] = []
    samples: list[str] = []
    mails = 0
    for place, row in enumerate(rows_of_issue(letter, nodes, Ways())):
        if work is not None and place % 500 == 0:
            work.progress(min(place, len(nodes)), len(nodes))
        unit = row.to_node.name_at_freeze
        if row.channel == Channel.PAPER:
            unreached.append(unit)
        elif row.channel == Channel.MAIL:
            text, flaw = _rendered(row, letter)
            mails += not flaw
            if flaw:
                broken.append({"unit": unit, "address": row.address, "why": flaw})
            elif len(samples) < SAMPLES:
                samples.append(text)
    return {
        "units": len(nodes),
        "mails": mails,
        "broken_count": len(broken),
        "broken": broken[:MOST_LISTED],
        "unreached_count": len(unreached),
        "unreached": unreached[:MOST_LISTED],
        "samples": samples,
    }


def _rendered(row: Dispatch, letter: Letter) -> tuple[str, str]:
    """Return the mail as it can be read, and "" or why it cannot be made."""
    if row.state == DispatchState.FAILED:
        return "", row.reply
    try:
        message = mail_of(row, letter, at=timezone.now())
    except ValueError as error:
        return "", str(error)[:200]
    return "\n".join(_readable(message)), ""


def _readable(message: bytes) -> Iterator[str]:
    from email import message_from_bytes
    from email.message import EmailMessage
    from email.policy import default

    parsed = message_from_bytes(message, policy=default)
    assert isinstance(parsed, EmailMessage)
    for name in ("From", "To", "Subject", "Message-ID"):
        yield f"{name}: {parsed[name]}"
    yield ""
    yield parsed.get_content()
