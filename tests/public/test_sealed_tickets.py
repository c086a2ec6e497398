"""Sealed tickets: only the plane opens them, and every altered character makes them nobody's."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from quetsach_public.addresses import caller_of
from quetsach_public.sealed_tickets import (
    GOOD_FOR_DAYS,
    TicketSeals,
    TicketState,
    format_ticket,
)

DAY = date(2026, 11, 30)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_what_is_sealed_is_opened_as_it_was_for_each_kind_of_address(tmp_path: Path) -> None:
    seals = TicketSeals(tmp_path)
    for text, length in (("192.0.2.77", 40), ("0.0.0.0", 40), ("2001:db8:1:2::", 48)):
        caller = caller_of(text)
        assert caller is not None
        code = seals.seal(caller, DAY)
        assert len(code) == length
        state, ticket = seals.open(format_ticket(code), DAY)
        assert state is TicketState.GOOD
        assert ticket is not None
        assert (ticket.caller, ticket.issued) == (caller, DAY)
        assert ticket.until == DAY + timedelta(days=GOOD_FOR_DAYS)


@pytest.mark.asvs("V9.1.1", "V11.3.3")
def test_every_single_altered_character_opens_nothing(tmp_path: Path) -> None:
    seals, caller = TicketSeals(tmp_path), caller_of("192.0.2.77")
    assert caller is not None
    code = seals.seal(caller, DAY)
    for place, letter in enumerate(code):
        other = ALPHABET[(ALPHABET.index(letter) + 1) % 32]
        altered = code[:place] + other + code[place + 1 :]
        assert seals.open(altered, DAY) == (TicketState.NOT_OURS, None)


def test_two_tickets_of_one_line_look_unlike_and_do_not_show_the_address(tmp_path: Path) -> None:
    seals, caller = TicketSeals(tmp_path), caller_of("192.0.2.77")
    assert caller is not None
    codes = {seals.seal(caller, DAY) for _n in range(50)}
    assert len(codes) > 45


@pytest.mark.asvs("V9.2.3")
def test_a_ticket_of_another_plane_and_nonsense_open_nothing(tmp_path: Path) -> None:
    caller = caller_of("192.0.2.77")
    assert caller is not None
    foreign = TicketSeals(tmp_path / "a").seal(caller, DAY)
    ours = TicketSeals(tmp_path / "b")
    ours.seal(caller, DAY)
    for code in (foreign, "", "é" * 40, "0" * 40, "0" * 48, "0" * 56, "U" * 40, "x" * 100_000):
        assert ours.open(code, DAY) == (TicketState.NOT_OURS, None)
