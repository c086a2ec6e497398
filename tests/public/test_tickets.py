"""A ticket counts once of each kind, also across processes, and nobody can make one."""

from base64 import b64decode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from quetsach_public import tickets as tickets_module
from quetsach_public.tickets import GOOD_FOR, PLACES, Tickets


def test_a_ticket_counts_once_of_each_kind_in_all_processes(tmp_path: Path) -> None:
    one, other = Tickets(tmp_path), Tickets(tmp_path)
    ticket = one.make(now=1000)
    assert other.take(ticket, "joined", now=1010)
    assert not one.take(ticket, "joined", now=1011)
    assert one.take(ticket, "cleaned", now=1012)


def test_a_ticket_that_is_sent_many_times_at_once_counts_once(tmp_path: Path) -> None:
    one, other = Tickets(tmp_path), Tickets(tmp_path)
    made = [one.make(now=1000) for _ in range(50)]
    with ThreadPoolExecutor(8) as threads:
        asked = [(n, which) for n in made for which in (one, other) * 4]
        taken = list(threads.map(lambda it: it[1].take(it[0], "joined", now=1010), asked))
    assert sum(taken) == len(made)


def test_too_quick_too_late_and_made_up_tickets_count_nothing(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    ticket = tickets.make(now=1000)
    assert not tickets.take(ticket, "joined", now=1000.2)
    assert not tickets.take(ticket, "joined", now=1000 + GOOD_FOR + 1)
    assert not tickets.take(ticket, "joined", now=900)
    for made_up in ("", "x", "é" * 10, ticket[:-3] + "abc", "A" * 43, "A" * 100_000):
        assert not tickets.take(made_up, "joined", now=1010)
    assert tickets.take(ticket, "joined", now=1010)


def test_A8_what_counts_bears_a_signature_of_128_bits_and_none_less(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path)
    raw = b64decode(tickets.make(now=1000) + "=", altchars=b"-_")
    assert len(raw) == 4 + 12 + 128 // 8
    for n in range(len(raw) * 8):
        other = bytearray(raw)
        other[n // 8] ^= 1 << n % 8
        assert not tickets.take(urlsafe_b64encode(other).decode().rstrip("="), "joined", now=1010)
    assert tickets.take(urlsafe_b64encode(raw).decode().rstrip("="), "joined", now=1010)


def test_tickets_of_another_key_count_nothing(tmp_path: Path) -> None:
    assert not Tickets(tmp_path / "a").take(Tickets(tmp_path / "b").make(now=1), "joined", now=5)
    assert (tmp_path / "a" / "tickets.key").stat().st_mode & 0o077 == 0


def test_tickets_whose_marks_meet_count_once_each(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tickets_module, "GROUPS", 1)
    tickets = Tickets(tmp_path)
    made = [tickets.make(now=1000 + n) for n in range(PLACES + 1)]
    assert all(tickets.take(one, "joined", now=1010) for one in made[:PLACES])
    assert not any(tickets.take(one, "joined", now=1010) for one in made[:PLACES] * 3)
    assert tickets.take(made[-1], "joined", now=1010)
    assert not any(tickets.take(one, "joined", now=1010) for one in made[1:]), "the oldest is out"


def test_nobody_without_the_key_knows_where_a_mark_lies(tmp_path: Path) -> None:
    one, other = Tickets(tmp_path / "a"), Tickets(tmp_path / "b")
    assert one._mark(b"x" * 16, "joined") != other._mark(b"x" * 16, "joined")
