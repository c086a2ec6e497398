"""To whom a letter goes, and the rows that will tell how it went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.letters.mails import LetterReceiver, draft_of, receivers
from quetsach_portal.letters.models import (
    Channel,
    Dispatch,
    DispatchState,
    DispatchSubject,
    Letter,
    Mailing,
)
from quetsach_portal.mail.message import message_of
from quetsach_portal.mail.models import fresh_message_id


class OnPaper(TextChoices):
    """Who gets the letter on paper as well."""

    UNREACHED = "unreached", _lazy("Only units without a working e-mail address")
    EVERYBODY = "everybody", _lazy("All units")
    NOBODY = "nobody", _lazy("No unit")


Rows: TypeAlias = list[Dispatch]


@dataclass(frozen=True)
class DeliveryChannels:
    """On which ways besides the portal a letter goes out."""

    by_mail: bool = True
    on_paper: OnPaper = OnPaper.UNREACHED


def recipients_of(letter: Letter) -> list[CampaignNode]:
    """Return the units that get `letter`: all units below its own, or the chosen ones."""
    rows = CampaignNode.objects.filter(parent_id=letter.node_id, state__in=COUNTED)
    if not letter.to_all:
        rows = rows.filter(pk__in=letter.chosen.values("pk"))
    return list(rows.select_related("unit").order_by("name_at_freeze", "pk"))


def rows_of_issue(
    letter: Letter, nodes: Iterable[CampaignNode], ways: DeliveryChannels
) -> Iterator[Dispatch]:
    """Yield the rows of `letter` for `nodes`: each appears on the portal at once, the rest is
    pending.

    An unusable address has a row as well, failed with the reason.
    """
    for receiver in receivers(nodes):
        yield _row(letter, receiver.node, Channel.PORTAL, DispatchState.DELIVERED)
        if ways.by_mail:
            yield from _mails(letter, receiver)
        unreached = not (ways.by_mail and receiver.usable)
        if ways.on_paper == OnPaper.EVERYBODY or (ways.on_paper == OnPaper.UNREACHED and unreached):
            yield _row(letter, receiver.node, Channel.PAPER, DispatchState.QUEUED)


def rows_of_withdrawal(letter: Letter) -> Iterator[Dispatch]:
    """Yield the rows that tell each recipient of the withdrawal, on the ways the letter went."""
    gone = (
        DispatchState.SENT,
        DispatchState.SENDING,
        DispatchState.IN_DOUBT,
        DispatchState.DELIVERED,
    )
    rows = letter.dispatches.filter(about=DispatchSubject.ISSUE, state__in=gone).order_by("pk")
    for dispatch in rows.select_related("to_node"):
        on_portal = dispatch.channel == Channel.PORTAL
        notice = _row(
            letter,
            dispatch.to_node,
            Channel(dispatch.channel),
            DispatchState.DELIVERED if on_portal else DispatchState.QUEUED,
        )
        notice.about, notice.contact_id, notice.address = (
            DispatchSubject.WITHDRAWAL,
            dispatch.contact_id,
            dispatch.address,
        )
        notice.person, notice.language = dispatch.person, dispatch.language
        yield notice


def _mails(letter: Letter, receiver: LetterReceiver) -> Iterator[Dispatch]:
    for address in receiver.addresses:
        dispatch = _row(letter, receiver.node, Channel.MAIL, DispatchState.QUEUED)
        dispatch.contact_id, dispatch.address = address.contact_id, address.mail
        dispatch.person, dispatch.language = address.person, address.language
        if address.flaw:
            dispatch.state, dispatch.reply = DispatchState.FAILED, address.flaw[:500]
        yield dispatch


def _row(letter: Letter, node: CampaignNode, channel: Channel, state: DispatchState) -> Dispatch:
    return Dispatch(letter=letter, to_node=node, channel=channel, state=state)


# The dry run: every mail is rendered, none is sent; problems are shown in advance.


KIND = "letters.dry_run"
SAMPLES = 5
MOST_LISTED = 500


def run_dry_run(work: RunningJob) -> None:
    """Make all mails of a letter as its release would, and keep what came of it."""
    letter = Letter.objects.select_related("node__unit", "campaign").get(
        pk=work.payload["letter_id"]
    )
    result = dry_run_of(letter, work)
    with work.finishing():
        mailing, _is_new = Mailing.objects.get_or_create(letter=letter)
        mailing.dry_run, mailing.dry_run_at = result, timezone.now()
        mailing.save(update_fields=["dry_run", "dry_run_at"])


def dry_run_of(letter: Letter, work: RunningJob | None = None) -> dict[str, Any]:
    """Return what a release would do now: counts, broken addresses, unreached units, samples."""
    nodes = recipients_of(letter)
    broken: list[dict[str, str]] = []
    unreached: list[str] = []
    samples: list[str] = []
    mails = 0
    for place, dispatch in enumerate(rows_of_issue(letter, nodes, DeliveryChannels())):
        if work is not None and place % 500 == 0:
            work.progress(min(place, len(nodes)), len(nodes))
        unit = dispatch.to_node.name_at_freeze
        if dispatch.channel == Channel.PAPER:
            unreached.append(unit)
        elif dispatch.channel == Channel.MAIL:
            text, flaw = _rendered(dispatch, letter)
            mails += not flaw
            if flaw:
                broken.append({"unit": unit, "address": dispatch.address, "why": flaw})
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


def _rendered(dispatch: Dispatch, letter: Letter) -> tuple[str, str]:
    """Return the mail as it can be read, and "" or why it cannot be made."""
    if dispatch.state == DispatchState.FAILED:
        return "", dispatch.reply
    try:
        message = message_of(
            draft_of(dispatch, letter),
            dispatch.address,
            message_id=fresh_message_id(),
            at=timezone.now(),
        )
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
