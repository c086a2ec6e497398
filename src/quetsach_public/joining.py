"""To be counted: a form, one count, thanks; no name, no phone, nothing of who sent it.

Of one address a bounded number of presses count, by code and in all: an office or a carrier may
stand behind it. Who presses more is thanked all the same, and `/health` tells how many there were.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from quetsach_public.counts import Act, Count, Counts
from quetsach_public.limits import Limits
from quetsach_public.origins import LONGEST_FORM
from quetsach_public.pages.filling import join_page, thanks_page
from quetsach_public.sending import Reply, moved_reply, own_reply
from quetsach_public.tickets import Tickets

CODE = re.compile(r"[A-Za-z0-9-]{1,40}")
OF_A_CODE = 30
"""Presses of each act that one address may send at once for a unit's code, and again in an hour."""
WITHOUT_CODE = 300
IN_ALL = 3_000
HOUR = 3_600
ACTS = (Act.JOINED, Act.SCANNED, Act.CLEANED)


class Joining:
    """The form and what it counts."""

    def __init__(self, counts: Counts, tickets: Tickets) -> None:
        self._counts, self._tickets = counts, tickets
        self._of_code = Limits(OF_A_CODE / HOUR, OF_A_CODE)
        self._without_code = Limits(WITHOUT_CODE / HOUR, WITHOUT_CODE)
        self._in_all = Limits(IN_ALL / HOUR, IN_ALL)

    def form(self, frames: dict[str, Any], query: str) -> Reply:
        """Return the form; `ma` and `viec` of the query stand in it already."""
        asked = fields(query)
        act = asked.get("viec", "")
        return own_reply(
            join_page(
                frames,
                ticket=self._tickets.make(),
                code=_code(asked),
                act=act if act in ACTS else "",
            )
        )

    def take(
        self, frames: dict[str, Any], prefix: str, body: str, now: datetime, caller: int
    ) -> Reply:
        """Count what the address `caller` sent, or return the form with what is wrong."""
        sent = fields(body)
        act, code, ticket = sent.get("viec", ""), _code(sent), sent.get("ve", "")
        typed = sent.get("ma", "").strip()[:40]
        if typed and not code:
            return self._again(frames, typed, act if act in ACTS else "", "wrong_code")
        if act not in ACTS:
            return self._again(frames, code, "", "wrong_what")
        if not self._tickets.take(ticket, act):
            if self._tickets.is_too_young(ticket):
                # The same ticket once more: a moment later it is old enough.
                return self._again(frames, code, act, "wrong_fast", ticket)
            return self._again(frames, code, act, "wrong_old")
        if self._is_in_pace(caller, code, act):
            self._counts.add(Count(Act(act), code, now.date()))
        else:
            self._counts.drop()
        return moved_reply(f"{prefix}/cam-on" + (f"?ma={quote(code)}" if code else ""))

    def _is_in_pace(self, caller: int, code: str, act: str) -> bool:
        by_code = self._of_code if code else self._without_code
        return by_code.within(hash((caller, code.lower(), act))) and self._in_all.within(caller)

    def _again(
        self, frames: dict[str, Any], code: str, act: str, wrong: str, ticket: str = ""
    ) -> Reply:
        ticket = ticket or self._tickets.make()
        page = join_page(frames, ticket=ticket, code=code, act=act, wrong=wrong)
        return own_reply(page, "422 Unprocessable Content")

    def thanks(self, frames: dict[str, Any], address: str, prefix: str, query: str) -> Reply:
        """Return the thanks, with an address to share that leads to the same unit."""
        code = quote(code_in(query))
        share = f"{address}{prefix}/tham-gia?ma={code}" if code else f"{address}{prefix}/"
        return own_reply(thanks_page(frames, share, code))


def fields(text: str) -> dict[str, str]:
    """Return the fields of a form or query, of each the last; {} for what is none."""
    try:
        found = parse_qs(text[:LONGEST_FORM], max_num_fields=10, errors="replace")
    except ValueError:
        return {}
    return {name: values[-1] for name, values in found.items()}


def code_in(query: str) -> str:
    """Return the unit's code in a query, "" for none that could be one."""
    return _code(fields(query)) if query else ""


def _code(sent: Mapping[str, str]) -> str:
    # Copied from paper, a code has spaces in it.
    code = "".join(sent.get("ma", "").split())
    return code if CODE.fullmatch(code) else ""
