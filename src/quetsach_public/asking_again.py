"""Tell me later, without identity: a ticket is handed out, and whoever has it asks again.

The answer is about the address that is sealed in the ticket and the days up to the one on which it
was made: a sighting that began later may be of the line's next user, and is never told.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from quetsach_public.addresses import ClientAddress
from quetsach_public.answers import AnswerKind, answer
from quetsach_public.joining import fields
from quetsach_public.limits import PaceLimits
from quetsach_public.pages.filling import filled, format_time, shown_day
from quetsach_public.qr import labelled_qr
from quetsach_public.responses import PublicResponse, padded_reply
from quetsach_public.sealed_tickets import SealedTicket, TicketSeals, TicketState, format_ticket
from quetsach_public.table import AddressTable

PATH = "/hoi-lai"
TICKET_PATH = re.compile(r"/hoi-lai/([^/]{1,120})/?")

MAKE_RATE, MAKE_BURST = 30 / 3_600, 30.0
"""Tickets of one address: 30 at once, then 30 an hour; each is a picture to draw."""

MISS_RATE, MISS_BURST = 0.1, 30.0
"""Codes of one address that open nothing: 30 at once, then one in ten seconds."""

_LOOKS = {
    "seen": "seen",
    "not-seen": "not-seen",
    "not-yet": "cannot-tell",
    "cannot-tell": "cannot-tell",
    "too-old": "cannot-tell",
    "expired": "cannot-tell",
    "not-ours": "cannot-tell",
}


PushOffer = Callable[[Mapping[str, Any], str], str]
"""Returns the part of a ticket's page that offers a message, "" for none (telling_later.py)."""


class AskAgainResponder:
    """Hands out tickets and answers them; neither is kept."""

    def __init__(self, seals: TicketSeals, offer: PushOffer) -> None:
        self._seals, self._offer = seals, offer
        self._made = PaceLimits(MAKE_RATE, MAKE_BURST)
        self._misses = PaceLimits(MISS_RATE, MISS_BURST)

    def form(self, frames: Mapping[str, Any]) -> PublicResponse:
        """Return the page that hands out a ticket and takes a code."""
        return padded_reply(filled(frames["later"], {}))

    def take(
        self,
        frames: Mapping[str, Any],
        body: str,
        table: AddressTable | None,
        caller: ClientAddress | None,
        now: datetime,
        *,
        number: int,
        address: str,
    ) -> PublicResponse | None:
        """Return the answer to a code that was typed, or a new ticket; None for "busy".

        Shapes: `number` is the caller for the limits; `address` is where the pages of this language
        begin, with the scheme, "" while it is unknown.
        """
        sent = fields(body)
        if "phieu" in sent:
            return self.by_code(frames, sent["phieu"], table, now, number=number)
        if not self._made.within(number):
            return None
        check = answer(table, caller, now)
        if caller is None or check.kind is AnswerKind.CANNOT_TELL:
            words = frames["later_words"]
            said = _said("cannot-tell", words["none"], words.get(str(check.why), ""))
            return padded_reply(filled(frames["later"], {"said": said}))
        ticket = self._seals.seal(caller, now.date())
        _, opened = self._seals.open(ticket, now.date())
        if opened is None:
            return None
        offer = self._offer(frames, ticket)
        return padded_reply(_ticket_page(frames, ticket, opened, address, offer))

    def by_code(
        self,
        frames: Mapping[str, Any],
        code: str,
        table: AddressTable | None,
        now: datetime,
        *,
        number: int,
    ) -> PublicResponse | None:
        """Return what `code` answers now; None, "busy", for a caller who tries codes."""
        if not self._misses.within(number, take=0):
            return None
        state, ticket = self._seals.open(code, now.date())
        if state is TicketState.NOT_OURS:
            self._misses.within(number)
        words = frames["later_words"]
        kind = state.value if ticket is None else answer_kind(table, ticket, now)
        facts = _facts(kind, table, ticket, words)
        slots = {"said": _said(kind, words[kind], words[f"{kind}-text"], facts)}
        if table is not None:
            made = frames["words"]["data_of"].format(when=format_time(table.made_at))
            slots["made"] = escape(made)
        return padded_reply(filled(frames["later"], slots))


def answer_kind(table: AddressTable | None, ticket: SealedTicket, now: datetime) -> str:
    """Return which answer the ticket gets: what began after its day is no news about its holder.

    Shapes: "seen", "not-seen", "not-yet", "too-old" or "cannot-tell".
    """
    check = answer(table, ticket.caller, now)
    if check.kind in (AnswerKind.TOO_OLD, AnswerKind.CANNOT_TELL) or table is None:
        return check.kind.value
    if check.seen is not None and check.seen.first <= ticket.issued:
        return "seen"
    return "not-yet" if table.made_at.date() <= ticket.issued else "not-seen"


def _facts(
    kind: str, table: AddressTable | None, ticket: SealedTicket | None, words: Mapping[str, str]
) -> str:
    if ticket is None:
        return ""
    rows = [(words["issued"], shown_day(ticket.issued)), (words["until"], shown_day(ticket.until))]
    listing = table.look_up(ticket.caller) if kind == "seen" and table is not None else None
    if listing is not None and not isinstance(listing, bool):
        rows.insert(0, (words["since"], shown_day(listing.first)))
        rows.insert(0, (words["family"], listing.family.name))
        if listing.last <= ticket.issued:
            rows.insert(2, (words["last"], shown_day(listing.last)))
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{escape(cell)}</dd>" for name, cell in rows)
    return f"<dl>{cells}</dl>"


def _said(kind: str, heading: str, text: str, facts: str = "") -> str:
    return (
        f'<div class="answer {_LOOKS[kind]}" role="alert"><h2>{escape(heading)}</h2>'
        f"<p>{escape(text)}</p>{facts}</div>"
    )


def _ticket_page(
    frames: Mapping[str, Any], ticket: str, opened: SealedTicket, address: str, offer: str
) -> bytes:
    path = f"{frames['later_path']}/{format_ticket(ticket)}"
    link = f"{address}/hoi-lai/{format_ticket(ticket)}" if address else ""
    words = frames["later_words"]
    slots = {
        "qr": labelled_qr(link, words["qr"]) if link else "",
        "ticket": escape(format_ticket(ticket)),
        "push": offer,
        "path": escape(path, quote=True),
        "until": escape(words["good_until"].format(day=shown_day(opened.until))),
    }
    return filled(frames["later_ticket"], slots)
