"""Tell me later: a ticket answers for its line and its days, and nothing of it is kept."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from quetsach_public.app import Application
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts
from quetsach_public.sealed_tickets import GOOD_FOR_DAYS
from quetsach_public.table_writing import PublicEntry, write_table
from tests.public.asking import Got, asked
from tests.public.made import MADE_AT, NOW, contents, made_home, seen

FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
WORDS = texts("vi")["later"]["said"]


class Plane:
    """A plane whose clock and list a test moves on."""

    def __init__(self, home: Path) -> None:
        self.settings = made_home(home)
        self.now = NOW
        self.app = Application(self.settings, now=lambda: self.now, check_interval_s=0)

    def list(self, *listed: PublicEntry, days: int = 0) -> None:
        """Publish another list, `days` after the one before, and look at it an hour later."""
        made = contents(*listed)
        made_at = MADE_AT + timedelta(days=days)
        write_table(self.settings.table, replace(made, made_at=made_at))
        self.now = max(self.now, made_at + timedelta(hours=1))

    def ask(self, path: str, body: str | None = None, remote: str = "192.0.2.77") -> Got:
        method = "GET" if body is None else "POST"
        return asked(self.app, path, method, body or "", remote)


@pytest.fixture
def plane(tmp_path: Path) -> Plane:
    return Plane(tmp_path / "home")


def ticket_of(page: Got) -> str:
    (code,) = re.findall(r'<p class="ticket">([^<]+)</p>', page.text)
    return code


def test_a_home_takes_a_ticket_and_hears_of_a_later_list_from_anywhere(plane: Plane) -> None:
    ticket = ticket_of(plane.ask("/hoi-lai", ""))
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){9}[0-9A-HJKMNP-TV-Z]{4}", ticket)
    plane.list(seen("192.0.2.77", first=20, last=21), days=3)
    for remote in ("192.0.2.77", "198.51.100.99", "2001:db8::1"):
        page = plane.ask(f"/hoi-lai/{ticket}", remote=remote)
        assert page.status == 200
        assert WORDS["seen"] in page.text
        assert "Mirai" in page.text
        assert "20/09/2022" in page.text
    typed = ticket.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert WORDS["seen"] in plane.ask("/hoi-lai", f"phieu={typed}").text


def test_a_line_that_is_not_on_a_newer_list_is_said_not_to_be_with_the_day_of_the_list(
    plane: Plane,
) -> None:
    ticket = ticket_of(plane.ask("/hoi-lai", ""))
    assert WORDS["not-yet"] in plane.ask(f"/hoi-lai/{ticket}").text
    plane.list(seen("192.0.2.10"), days=3)
    page = plane.ask(f"/hoi-lai/{ticket}").text
    assert WORDS["not-seen"] in page
    assert WORDS["not-seen-text"] in page
    assert "23/09/2022" in page


def test_what_began_after_the_day_of_the_ticket_is_of_the_next_user_and_never_shown(
    plane: Plane,
) -> None:
    ticket = ticket_of(plane.ask("/hoi-lai", ""))
    plane.list(seen("192.0.2.77", first=22, last=23), days=4)
    assert WORDS["not-seen"] in plane.ask(f"/hoi-lai/{ticket}").text
    plane.list(seen("192.0.2.77", first=15, last=23), days=5)
    page = plane.ask(f"/hoi-lai/{ticket}").text
    assert WORDS["seen"] in page
    assert "23/09/2022" not in page.partition('class="answer')[2].partition("</div>")[0]


def test_a_ticket_of_an_ipv6_line_answers_for_its_network(plane: Plane) -> None:
    ticket = ticket_of(plane.ask("/hoi-lai", "", remote="2001:db8:1:2::5"))
    assert len(ticket.replace("-", "")) == 48
    plane.list(seen("2001:db8:1:2::/64", first=20, last=20), days=3)
    assert WORDS["seen"] in plane.ask(f"/hoi-lai/{ticket}").text


@pytest.mark.parametrize("remote", ["198.51.100.3", "10.0.0.1", "8.8.8.8", "x"])
def test_a_line_that_cannot_be_checked_gets_no_ticket_and_hears_why(
    plane: Plane, remote: str
) -> None:
    page = plane.ask("/hoi-lai", "", remote=remote)
    assert WORDS["none"] in page.text
    assert 'class="ticket"' not in page.text


def test_an_expired_ticket_says_so_and_one_whose_key_is_gone_is_not_ours(plane: Plane) -> None:
    ticket = ticket_of(plane.ask("/hoi-lai", ""))
    plane.list(seen("192.0.2.77", first=20, last=20), days=GOOD_FOR_DAYS)
    assert WORDS["seen"] in plane.ask(f"/hoi-lai/{ticket}").text
    plane.now = NOW + timedelta(days=GOOD_FOR_DAYS + 1)
    assert WORDS["expired"] in plane.ask(f"/hoi-lai/{ticket}").text
    plane.now = NOW + timedelta(days=GOOD_FOR_DAYS + 60)
    assert WORDS["not-ours"] in plane.ask(f"/hoi-lai/{ticket}").text


def test_forged_and_altered_tickets_get_one_plain_answer_of_one_length(plane: Plane) -> None:
    ticket = ticket_of(plane.ask("/hoi-lai", ""))
    other = "1" if ticket[6] != "1" else "2"
    lengths = set()
    for code in (ticket[:6] + other + ticket[7:], "0000-" * 9 + "0000", "abc", "<b>", "0" * 48):
        page = plane.ask(f"/hoi-lai/{code}")
        assert page.status == 200
        assert WORDS["not-ours"] in page.text
        lengths.add(len(page.body))
    lengths.add(len(plane.ask(f"/hoi-lai/{ticket}").body))
    assert len(lengths) == 1


def test_who_tries_codes_soon_hears_only_that_it_is_busy_and_neighbours_are_answered(
    plane: Plane,
) -> None:
    ticket = ticket_of(plane.ask("/hoi-lai", ""))
    codes = [plane.ask(f"/hoi-lai/{n:040}").status for n in range(40)]
    assert codes == [200] * 30 + [503] * 10
    assert plane.ask(f"/hoi-lai/{ticket}").status == 503
    assert plane.ask(f"/hoi-lai/{ticket}", remote="192.0.2.78").status == 200


def test_one_address_gets_thirty_tickets_at_once(plane: Plane) -> None:
    assert [plane.ask("/hoi-lai", "").status for _ in range(31)] == [200] * 30 + [503]


def test_nothing_of_a_ticket_is_kept_and_the_key_is_for_the_plane_alone(plane: Plane) -> None:
    plane.ask("/hoi-lai", "")
    before = {path: path.read_bytes() for path in plane.settings.home.rglob("*") if path.is_file()}
    ticket = ticket_of(plane.ask("/hoi-lai", ""))
    plane.ask(f"/hoi-lai/{ticket}")
    after = {path: path.read_bytes() for path in plane.settings.home.rglob("*") if path.is_file()}
    assert before == after
    assert (plane.settings.run / "ask-again.keys").stat().st_mode & 0o077 == 0


def test_the_qr_code_leads_to_the_ticket_without_script_or_style(plane: Plane) -> None:
    page = plane.ask("/hoi-lai", "").text
    assert "<svg" in page
    assert not re.findall(r"style=|onload=|<script", page)
    for language in LANGUAGES:
        assert plane.ask(f"{prefix(language)}/hoi-lai", "").status == 200


def test_another_site_cannot_send_the_form(plane: Plane) -> None:
    foreign = {"HTTP_SEC_FETCH_SITE": "cross-site"}
    assert asked(plane.app, "/hoi-lai", "POST", "", **foreign).status == 403


def test_a_list_too_old_gives_a_ticket_and_says_that_it_is_too_old(plane: Plane) -> None:
    plane.now = NOW + timedelta(days=100)
    ticket = ticket_of(plane.ask("/hoi-lai", ""))
    assert WORDS["too-old"] in plane.ask(f"/hoi-lai/{ticket}").text
