"""To whom a letter goes, and the rows that will tell how it went."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models import COUNTED, CampaignNode
from quetsach_portal.letters.models import About, Channel, Dispatch, DispatchState, Letter
from quetsach_portal.letters.receivers import Receiver, receivers


class OnPaper(TextChoices):
    """Who gets the letter on paper as well."""

    UNREACHED = "unreached", _lazy("Only units without a working e-mail address")
    EVERYBODY = "everybody", _lazy("All units")
    NOBODY = "nobody", _lazy("No unit")


Rows: TypeAlias = list[Dispatch]


@dataclass(frozen=True)
class Ways:
    """On which ways besides the portal a letter goes out."""

    by_mail: bool = True
    on_paper: OnPaper = OnPaper.UNREACHED


def recipients_of(letter: Letter) -> list[CampaignNode]:
    """Return the units that get `letter`: all that stand below its own, or the chosen ones."""
    rows = CampaignNode.objects.filter(parent_id=letter.node_id, state__in=COUNTED)
    if not letter.to_all:
        rows = rows.filter(pk__in=letter.chosen.values("pk"))
    return list(rows.select_related("unit").order_by("name_at_freeze", "pk"))


def rows_of_issue(letter: Letter, nodes: Iterable[CampaignNode], ways: Ways) -> Iterator[Dispatch]:
    """Yield the rows of `letter` for `nodes`: each stands on the portal at once, the rest waits.

    An address that cannot be used has its row as well, failed with the reason: nothing vanishes.
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
    rows = letter.dispatches.filter(about=About.ISSUE, state__in=gone).order_by("pk")
    for row in rows.select_related("to_node"):
        on_portal = row.channel == Channel.PORTAL
        told = _row(
            letter,
            row.to_node,
            Channel(row.channel),
            DispatchState.DELIVERED if on_portal else DispatchState.QUEUED,
        )
        told.about, told.contact_id, told.address = About.WITHDRAWAL, row.contact_id, row.address
        told.person, told.language = row.person, row.language
        yield told


def _mails(letter: Letter, receiver: Receiver) -> Iterator[Dispatch]:
    for one in receiver.addresses:
        row = _row(letter, receiver.node, Channel.MAIL, DispatchState.QUEUED)
        row.contact_id, row.address = one.contact_id, one.mail
        row.person, row.language = one.person, one.language
        if one.flaw:
            row.state, row.reply = DispatchState.FAILED, one.flaw[:500]
        yield row


def _row(letter: Letter, node: CampaignNode, channel: Channel, state: DispatchState) -> Dispatch:
    return Dispatch(letter=letter, to_node=node, channel=channel, state=state)
