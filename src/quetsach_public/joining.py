"""To be counted: a form, one count, thanks; no name, no phone, nothing of who sent it.

Of one address a bounded number of presses count, by code and in all: an office or a carrier may
stand behind it. Who presses more is thanked all the same, and `/health` tells how many there were.
The page names the unit of a code; of one that nobody has it says so at once, and counts nothing.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from quetsach_public import codes
from quetsach_public.addresses import LONGEST_FORM
from quetsach_public.codes import CodeUnit
from quetsach_public.counts import CounterKey, PublicAct, PublicCounters
from quetsach_public.limits import PaceLimits
from quetsach_public.lookups import CodeFacts, CodeLookups
from quetsach_public.pages.building import QUESTIONS
from quetsach_public.pages.filling import (
    join_page,
    materials_page,
    place_page,
    selftest_page,
    slip_page,
    thanks_page,
)
from quetsach_public.pages.materials.wording import FILES, KEPT, PAGE, counted_as
from quetsach_public.pages.site import Site, SitePage
from quetsach_public.responses import (
    Environ,
    PublicResponse,
    moved_reply,
    own_reply,
    padded_reply,
    page_reply,
)
from quetsach_public.tickets import Tickets

CODE = re.compile(r"[A-Za-z0-9-]{1,40}")
OF_A_CODE = 30
"""Presses of each act that one address may send at once for a unit's code, and again in an hour."""
WITHOUT_CODE = 300
IN_ALL = 3_000
HOUR = 3_600
ACTS = (PublicAct.JOINED, PublicAct.SCANNED, PublicAct.CLEANED)


class JoinResponder:
    """The form and what it counts."""

    def __init__(self, counts: PublicCounters, tickets: Tickets, lookups: CodeLookups) -> None:
        self._counts, self._tickets, self._lookups = counts, tickets, lookups
        self._of_code = PaceLimits(OF_A_CODE / HOUR, OF_A_CODE)
        self._without_code = PaceLimits(WITHOUT_CODE / HOUR, WITHOUT_CODE)
        self._in_all = PaceLimits(IN_ALL / HOUR, IN_ALL)

    def form(self, frames: dict[str, Any], prefix: str, query: str, caller: int) -> PublicResponse:
        """Return the form, with `ma` and `viec` of the query filled in; slips have their own."""
        query_fields = fields(query)
        if slip := codes.plain(query_fields.get("ma", ""), codes.SLIP_LENGTH):
            return moved_reply(f"{prefix}{SLIPS}?ma={slip}")
        act, code = query_fields.get("viec", ""), _code(query_fields)
        # Of an address made by others, only a possible code is shown on the page.
        typed = (
            _typed(query_fields) if code or codes.is_mistyped(query_fields.get("ma", "")) else ""
        )
        facts = self._lookups.look(code, caller)
        page = join_page(
            frames,
            ticket=self._tickets.make(),
            code=typed,
            act=act if act in ACTS else "",
            wrong=_wrong(typed, code, facts),
            unit=facts.said,
        )
        return padded_reply(page)

    def take(
        self, frames: dict[str, Any], prefix: str, body: str, now: datetime, caller: int
    ) -> PublicResponse:
        """Count what the address `caller` sent, or return the form with what is wrong."""
        sent = fields(body)
        if slip := codes.plain(sent.get("ma", ""), codes.SLIP_LENGTH):
            return moved_reply(f"{prefix}{SLIPS}?ma={slip}")
        act, code, ticket = sent.get("viec", ""), _code(sent), sent.get("ve", "")
        typed, chosen = _typed(sent), act if act in ACTS else ""
        facts = self._lookups.look(code, caller)

        def again(wrong: str, ticket: str = "") -> PublicResponse:
            page = join_page(
                frames,
                ticket=ticket or self._tickets.make(),
                code=typed,
                act=chosen,
                wrong=wrong,
                unit=facts.said,
            )
            return padded_reply(page, "422 Unprocessable Content")

        wrong = _wrong(typed, code, facts) or ("" if chosen else "wrong_what")
        if wrong:
            return again(wrong)
        if not self._tickets.take(ticket, act):
            if self._tickets.is_too_young(ticket):
                # The same ticket once more: a moment later it is old enough.
                return again("wrong_fast", ticket)
            return again("wrong_old")
        # A unit's long and its short code are one.
        of = hash((caller, facts.unit or code.lower(), act))
        if facts.counts and self._is_in_pace(caller, of, has_code=bool(code)):
            self._counts.add(CounterKey(PublicAct(act), code, now.date()))
        else:
            self._counts.drop()
        return moved_reply(f"{prefix}/cam-on" + (f"?ma={quote(code)}" if code else ""))

    def _is_in_pace(self, caller: int, of: int, *, has_code: bool) -> bool:
        by_code = self._of_code if has_code else self._without_code
        return by_code.within(of) and self._in_all.within(caller)

    def thanks(
        self, frames: dict[str, Any], address: str, prefix: str, query: str, caller: int
    ) -> PublicResponse:
        """Return the thanks, with an address to share that leads to the same unit."""
        code = code_in(query)
        unit = self._lookups.look(code, caller).said
        share = f"{address}{prefix}/tham-gia?ma={quote(code)}" if code else f"{address}{prefix}/"
        return padded_reply(thanks_page(frames, share, quote(code), unit))


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
    # A slip is one person's: it goes into no link.
    if codes.is_mistyped(code) or codes.plain(code, codes.SLIP_LENGTH):
        return ""
    return codes.plain(code) or (code if CODE.fullmatch(code) else "")


def _typed(sent: Mapping[str, str]) -> str:
    """Return the code as the form shows it again: a short one as it is printed."""
    typed = sent.get("ma", "").strip()[:40]
    short = codes.plain(typed)
    return codes.format_code(short) if short else typed


def _wrong(typed: str, code: str, facts: CodeFacts) -> str:
    """Return what is wrong with a code, "" for nothing."""
    if not facts.runs:
        return "wrong_idle"
    if typed and not code:
        return "wrong_typed" if codes.is_mistyped(typed) else "wrong_code"
    return "wrong_dead" if facts.is_dead else ""


class PlaceResponder:
    """The steps of a workplace, under the code of a unit: with its name."""

    def __init__(self, lookups: CodeLookups) -> None:
        self._lookups = lookups

    def reply(
        self, frames: dict[str, Any], path: str, query: str, caller: int
    ) -> PublicResponse | None:
        """Return the page with the unit's name, None for another page or without a known code."""
        code = code_in(query) if path in frames.get("places", ()) else ""
        unit = self._lookups.look(code, caller).said if code else None
        return None if unit is None else padded_reply(place_page(frames, path, unit))


SLIPS = "/phieu"
"""Where the code of a slip is typed, and where the QR codes on slips lead."""


class SlipResponder:
    """The form for a slip; whether the slip still counts is known to the portal alone.

    A slip carries its own proof: sent twice it counts once, so the form needs no ticket.
    """

    def __init__(self, counts: PublicCounters) -> None:
        self._counts = counts
        self._pace = PaceLimits(WITHOUT_CODE / HOUR, WITHOUT_CODE)

    def form(
        self, frames: dict[str, Any], _prefix: str, query: str, _caller: int
    ) -> PublicResponse:
        """Return the form, with `ma` of the query filled in. Opening it counts nothing."""
        return padded_reply(slip_page(frames, _shown_slip(fields(query).get("ma", ""))))

    def take(
        self, frames: dict[str, Any], body: str, now: datetime, caller: int
    ) -> PublicResponse | None:
        """Pass a slip on, or return the form with what is wrong; None, "busy", without room."""
        typed = fields(body).get("ma", "")
        code = codes.plain(typed, codes.SLIP_LENGTH)
        if not code:
            is_near = codes.is_mistyped(typed, codes.SLIP_LENGTH)
            wrong = "wrong_typed" if is_near else "wrong_form"
            page = slip_page(frames, typed[:40], wrong)
            return padded_reply(page, "422 Unprocessable Content")
        # Told, and never dropped in silence: the slip is still good.
        if not self._pace.within(caller):
            page = slip_page(frames, codes.format_code(code), "wrong_many")
            return padded_reply(page, "429 Too Many Requests")
        if not self._counts.add(CounterKey(PublicAct.JOINED, code, now.date())):
            return None
        return padded_reply(frames["slip_sent"].encode())


def _shown_slip(typed: str) -> str:
    code = codes.plain(typed, codes.SLIP_LENGTH)
    return codes.format_code(code) if code else ""


HIGH = 3
"""So many times "yes" are a high risk; so is cracked software alone, or no protection."""

_WEIGHTY = ("q1", "q2")


def assessed(frames: dict[str, Any], prefix: str, body: str) -> PublicResponse:
    """Return the page with its result, or with what is not answered yet."""
    sent = fields(body)
    answers = {one: sent[one] for one in QUESTIONS if sent.get(one) in ("0", "1")}
    risk = "missing" if len(answers) < len(QUESTIONS) else _risk(answers)
    page = selftest_page(frames, answers, risk, f"{prefix}/lam-sach")
    return own_reply(page, "422 Unprocessable Content" if risk == "missing" else "200 OK")


def _risk(answers: dict[str, str]) -> str:
    yes = [one for one, said in answers.items() if said == "1"]
    if len(yes) >= HIGH or any(one in yes for one in _WEIGHTY):
        return "high"
    return "middle" if yes else "low"


RATE = 30 / 3_600
BURST = 30.0


class MaterialsResponder:
    """Answers for the materials."""

    def __init__(self, counts: PublicCounters, lookups: CodeLookups) -> None:
        self._counts, self._lookups = counts, lookups
        self._limits = PaceLimits(RATE, BURST)

    def reply(
        self, site: Site, language: str, path: str, environ: Environ, caller: int, now: datetime
    ) -> PublicResponse | None:
        """Return the page for a code or a file, None for what is the same for all or not here."""
        code = code_in(str(environ.get("QUERY_STRING", "")))
        if path == PAGE:
            found = self._lookups.look(code, caller)
            is_general = not code or found.is_dead
            return None if is_general else _page(site.frames[language], code, found.said)
        name = path.removeprefix(FILES)
        page = site.pages.get(KEPT + name) if path.startswith(FILES) else None
        if page is None:
            return None
        reply = _file(page, environ)
        is_whole = environ.get("REQUEST_METHOD") == "GET" and not environ.get("HTTP_RANGE")
        counts = is_whole and reply.status.startswith("200")
        of = counted_as(name)
        if counts and self._limits.within(hash((caller, of))):
            # Under a code that nobody has, it is a pull of nobody's unit.
            code = code if self._lookups.counts(code) else ""
            self._counts.add(CounterKey(PublicAct.PULLED, code, now.date(), of))
        return reply


def _page(frames: dict[str, Any], code: str, unit: CodeUnit | None) -> PublicResponse:
    return padded_reply(materials_page(frames, quote(code), unit))


def _file(page: SitePage, environ: Environ) -> PublicResponse:
    # Kept by the browser alone: what a cache in between gave out would be counted by nobody.
    shared = page_reply(page, environ)
    headers = [(name, value) for name, value in shared.headers if name != "Cache-Control"]
    headers.append(("Cache-Control", "private, max-age=86400"))
    # Saved, not shown: a browser's own viewer of PDFs is a page under our policy of content.
    headers.append(("Content-Disposition", "attachment"))
    return PublicResponse(shared.status, shared.body, shared.packed, shared.kind, headers)
