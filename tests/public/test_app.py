"""The application as a server calls it."""

import io
import json
import re
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from quetsach_public import tickets
from quetsach_public.app import Application
from quetsach_public.limits import PaceLimits, Paces
from quetsach_public.pages.building import PLATFORMS
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts, write_campaign
from tests.public.asking import Ask, Got, asked, ticket_of
from tests.public.made import CAMPAIGN, NOW, made_home

SLOWED = "X-Accel-Limit-Rate"


def test_every_answer_has_the_strict_headers_and_no_cookie(ask: Ask) -> None:
    for path in ("/", "/kiem-tra", "/tham-gia", "/khong-co", "/static/x", "/health"):
        headers = ask(path).headers
        assert "Set-Cookie" not in headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"].startswith("max-age=")
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.usefixtures("quick_hands")
def test_a_press_counts_once_and_thanks(ask: Ask, app: Application, home: Path) -> None:
    form = ask("/km/tham-gia?ma=TC17-abc&viec=scanned")
    assert 'value="TC17-abc"' in form.text
    assert 'value="scanned" checked' in form.text
    sent = urlencode({"ve": ticket_of(form), "viec": "scanned", "ma": "TC17-abc"})
    first = ask("/km/tham-gia", "POST", sent)
    assert (first.status, first.headers["Location"]) == (303, "/km/cam-on?ma=TC17-abc")
    assert ask("/km/tham-gia", "POST", sent).status == 422
    thanks = ask(first.headers["Location"]).text
    assert "https://quetsach.example/km/tham-gia?ma=TC17-abc" in thanks
    path = app.counts.flush()
    assert path is not None
    (row,) = json.loads(path.read_text())["counts"]
    assert row == {
        "act": "scanned",
        "code": "TC17-abc",
        "day": "2022-09-21",
        "of": "",
        "count": 1,
    }
    held = b"".join(one.read_bytes() for one in home.rglob("*") if one.is_file())
    assert b"192.0.2.77" not in held, "P6: no address is written anywhere"


@pytest.mark.usefixtures("quick_hands")
@pytest.mark.parametrize(
    ("sent", "more", "status"),
    [
        ({"viec": "joined"}, {}, 422),
        ({"viec": "pulled"}, {}, 422),
        ({}, {}, 422),
        ({"viec": "joined", "ve": "x"}, {}, 422),
        ({"viec": "joined", "ma": "x" * 3000}, {}, 413),
        ({"viec": "joined"}, {"CONTENT_LENGTH": "-5"}, 413),
        ({"viec": "joined"}, {"CONTENT_LENGTH": "x"}, 413),
        ({"viec": "joined"}, {"HTTP_ORIGIN": "https://xau.example"}, 403),
        ({"viec": "joined"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
    ],
)
def test_what_cannot_be_counted_is_said(
    ask: Ask, app: Application, sent: dict[str, str], more: dict[str, str], status: int
) -> None:
    page = ask("/tham-gia", "POST", urlencode(sent), **more)
    assert page.status == status
    assert app.counts.flush() is None
    if status == 422:
        assert 'role="alert"' in page.text


def test_methods_and_paths_that_are_not_there(ask: Ask) -> None:
    assert ask("/", "DELETE").status == 405
    assert ask("/", "POST").status == 405
    for path in ("/x", "/en/x", "/kmx", "/../etc/passwd", "/static/../home", "//", "/\x00"):
        assert ask(path).status == 404, path


def test_who_asks_too_fast_is_slowed_by_nginx_and_forms_hear_busy_with_the_steps(
    home: Path,
) -> None:
    paces = Paces(all_asked=PaceLimits(rate=0, burst=1), costly=PaceLimits(rate=0, burst=0))
    app = Application(made_home(home, "127.0.0.1"), now=lambda: NOW, paces=paces)
    assert SLOWED not in asked(app, "/kiem-tra").headers
    for path in ("/kiem-tra", "/en/kiem-tra?ma=TC17-MAUTHUNGHIEM234567ABCDEF", "/tham-gia"):
        page = asked(app, path, HTTP_ACCEPT_ENCODING="gzip")
        assert page.status == 200, "slowed is still served"
        assert int(page.headers[SLOWED]) < len(page.body), "else nginx sends all of it at once"
    assert SLOWED not in asked(app, "/").headers, "nginx holds it for others, too"
    page = asked(app, "/en/tham-gia", "POST")
    assert (page.status, page.headers["Retry-After"]) == (503, "10")
    assert all(f"/en/lam-sach/{one}" in page.text for one in PLATFORMS)
    assert asked(app, "/", remote="192.0.2.5").status == 200


def test_health_says_what_the_table_is(ask: Ask, home: Path) -> None:
    said = json.loads(ask("/health").text)
    assert (said["listed"], said["problem"], said["dropped"]) == (2, "", 0)
    (home / "table.bin").write_bytes(b"x")
    assert "TableError" in json.loads(ask("/health").text)["problem"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_units_code_goes_along_with_the_links_of_every_page(ask: Ask, language: str) -> None:
    for path in ("", "/tham-gia", "/cam-on", "/lam-sach", "/lam-sach/windows", "/kiem-tra"):
        page = ask(f"{prefix(language)}{path or '/'}?ma=TC17-abc")
        links = re.findall(r'(?:href|action)="(/[^".#]*)"', page.text)
        assert len(links) > 8
        assert all(one.count("ma=TC17-abc") == 1 for one in links), path
        assert page.headers["Cache-Control"] == "no-store"
    steps = ask("/lam-sach/windows?ma=TC17-abc").text
    assert 'href="/tham-gia?viec=cleaned&amp;ma=TC17-abc"' in steps


def test_a_units_code_lands_on_a_page_that_says_whose_it_is_and_what_to_do(ask: Ask) -> None:
    page = ask("/tham-gia?ma=TC17-abc").text
    assert escape(texts("vi")["join"]["unit_lead"].format(office=CAMPAIGN.office)) in page
    assert page.index('href="/lam-sach?ma=') < page.index('<form method="post"')
    assert texts("vi")["join"]["unit_steps"] not in ask("/tham-gia").text


@pytest.mark.usefixtures("quick_hands")
def test_spaces_are_taken_out_of_a_code_and_what_is_none_is_refused(ask: Ask) -> None:
    def pressed(code: str) -> Got:
        sent = {"ve": ticket_of(ask("/tham-gia")), "viec": "joined", "ma": code}
        return ask("/tham-gia", "POST", urlencode(sent))

    assert pressed(" 3net3 taoav\tti63y ").headers["Location"] == "/cam-on?ma=3net3taoavti63y"
    page = pressed('xã "An')
    assert page.status == 422
    assert escape(texts("vi")["join"]["wrong_code"]) in page.text
    assert 'value="xã &quot;An"' in page.text


def test_who_presses_too_fast_hears_so_and_may_press_again(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "LEAST_AGE", 60)
    ticket = ticket_of(ask("/tham-gia"))
    sent = urlencode({"ve": ticket, "viec": "joined"})
    page = ask("/tham-gia", "POST", sent)
    assert texts("vi")["join"]["wrong_fast"] in page.text
    assert ticket_of(page) == ticket
    monkeypatch.setattr(tickets, "LEAST_AGE", 0)
    assert ask("/tham-gia", "POST", sent).status == 303


def test_a_form_that_does_not_end_leaves_a_thread_and_stops_none_behind_the_own_proxy(
    ask: Ask, app: Application
) -> None:
    class Endless(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            assert ask("/tham-gia", "POST", "viec=").status == 503
            assert ask("/kiem-tra").status == 200
            assert ask("/tham-gia", "POST", "viec=", remote="127.0.0.1").status == 422
            raise OSError("it broke off")

    assert ask("/tham-gia", "POST", "viec=", **{"wsgi.input": Endless()}).status == 400
    assert ask("/tham-gia", "POST", "viec=").status == 422


def test_a_form_over_https_comes_from_https(ask: Ask) -> None:
    for scheme, status in (("https", 422), ("http", 403)):
        more = {
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_ORIGIN": f"{scheme}://quetsach.example",
        }
        assert ask("/tham-gia", "POST", "viec=", **more).status == status


def test_thanks_lead_to_the_address_that_is_written_down_now(ask: Ask, home: Path) -> None:
    assert "https://quetsach.example/" in ask("/cam-on").text
    write_campaign(home / "campaign.json", replace(CAMPAIGN, address="https://moi.example"))
    assert "https://moi.example/" in ask("/cam-on").text
    (home / "campaign.json").write_text('{"a": 1}')
    assert "https://moi.example/" in ask("/cam-on").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_leads_to_matching_files_where_there_is_a_list(
    ask: Ask, home: Path, language: str
) -> None:
    start, link = f"{prefix(language)}/", f'href="{prefix(language)}/kiem-tra-tep"'
    assert link not in ask(start).text
    for names, leads in ((["xau.example"], True), ([], False)):
        content = {"format": "quetsach-open-list/1", "names": names}
        (home / "open-list.json").write_text(json.dumps(content))
        assert (link in ask(start).text) is leads
