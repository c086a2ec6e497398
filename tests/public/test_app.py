"""The application as a server calls it."""

import gzip
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from quetsach_public import settings, tickets
from quetsach_public.app import Application
from quetsach_public.limits import PaceLimits, Paces
from quetsach_public.pages import site as site_module
from quetsach_public.pages.building import PLATFORMS, QUESTIONS, build_site
from quetsach_public.pages.campaign import LANGUAGES, prefix, texts, write_campaign
from quetsach_public.table import MalwareFamily
from quetsach_public.table_writing import PublicEntry, write_table
from tests.public.made import CAMPAIGN, NOW, TOOL, contents, made_home, seen

SLOWED = "X-Accel-Limit-Rate"


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


Ask = Callable[..., Got]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def app(home: Path) -> Application:
    return Application(made_home(home, "127.0.0.1"), now=lambda: NOW, check_interval_s=0)


@pytest.fixture
def ask(app: Application) -> Ask:
    return lambda *args, **more: asked(app, *args, **more)


def asked(
    app: Application,
    path: str,
    method: str = "GET",
    body: str = "",
    remote: str = "192.0.2.77",
    **more: Any,
) -> Got:
    got: list[Got] = []
    where, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "REMOTE_ADDR": remote,
        "HTTP_HOST": "quetsach.example",
        "CONTENT_LENGTH": str(len(body.encode())),
        "wsgi.input": io.BytesIO(body.encode()),
        **more,
    }

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        assert len(headers) == len(dict(headers)), "no header twice"
        got.append(Got(int(status[:3]), dict(headers), b""))

    chunks = app(environ, start)
    got[0].body = b"".join(chunks)
    return got[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_and_every_link_on_it_opens_in_every_language(ask: Ask, language: str) -> None:
    start = prefix(language) or "/"
    waiting, known = [start], {start}
    while waiting:
        path = waiting.pop()
        page = ask(path)
        assert page.status == 200, path
        if "html" not in page.headers["Content-Type"]:
            continue
        assert "@@" not in page.text
        assert f'<html lang="{_language(path)}">' in page.text
        for link in re.findall(r'(?:href|action)="(/[^"#]*)', page.text):
            if link not in known:
                known.add(link)
                waiting.append(link)
    assert len(known) >= 10 * len(LANGUAGES)


def _language(path: str) -> str:
    return next((one for one in LANGUAGES[1:] if path.startswith(f"/{one}")), "vi")


def test_the_four_answers_and_what_they_do_not_mean(ask: Ask, app: Application) -> None:
    words = texts("vi")["result"]
    for remote, heading, not_said in (
        ("192.0.2.77", "not_seen", "not_seen_not"),
        ("192.0.2.10", "seen", "seen_not"),
        ("198.51.100.7", "cannot_tell", "cannot_not"),
        ("203.0.113.1", "cannot_tell", "cannot_not"),
    ):
        page = ask("/kiem-tra", remote=remote)
        assert f"<h1>{words[heading]}</h1>" in page.text
        assert words[not_said] in page.text
        assert page.headers["Cache-Control"] == "no-store"
    app._now = lambda: NOW + timedelta(days=30)
    assert words["too_old"] in ask("/kiem-tra").text


def test_a_seen_address_hears_family_days_devices_and_their_steps(ask: Ask) -> None:
    page = ask("/kiem-tra", remote="192.0.2.10").text
    for words in ("Mirai", "01/09/2022", "18/09/2022", "bộ phát Wi-Fi", "08:00, 20/09/2022"):
        assert words in page
    assert '<a class="button" href="/lam-sach/router">' in page
    assert page.index(texts("vi")["result"]["seen_not"]) < page.index("<dl>"), (
        "the comfort is first"
    )
    assert texts("vi")["result"]["seen_stays"] in page
    assert "192.0.2.10" not in page


def test_R3_nobody_elses_address_can_be_asked(ask: Ask) -> None:
    for path in ("/kiem-tra?ip=192.0.2.10", "/kiem-tra/192.0.2.10", "/en/kiem-tra?q=192.0.2.10"):
        assert "Mirai" not in ask(path, HTTP_X_FORWARDED_FOR="192.0.2.10").text
    assert "Mirai" in ask("/kiem-tra", remote="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.10").text


def test_an_old_system_is_hinted_at(ask: Ask) -> None:
    page = ask("/en/kiem-tra", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 6.1)").text
    assert "Windows 7 is no longer mended by its maker since 14/01/2020" in page


def test_every_answer_has_the_strict_headers_and_no_cookie(ask: Ask) -> None:
    for path in ("/", "/kiem-tra", "/tham-gia", "/khong-co", "/static/x", "/health"):
        headers = ask(path).headers
        assert "Set-Cookie" not in headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"].startswith("max-age=")
        assert headers["Referrer-Policy"] == "same-origin"


def test_the_first_screen_is_small_and_every_page_fits_in_30_kb(ask: Ask, home: Path) -> None:
    packed = {
        path: len(page.packed)
        for path, page in site_module.read_site(home / "site").pages.items()
        if page.lasts
    }
    pages = [
        f"{prefix(one)}{path}"
        for one in LANGUAGES
        for path in ("/", "/tham-gia", "/kiem-tra", "/so-tep", "/kiem-tra-tep", "/tai-lieu")
    ]
    for path in pages:
        page = ask(path.rstrip("/") or "/", HTTP_ACCEPT_ENCODING="gzip")
        assets = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', page.text)
        assert len(assets) >= 2
        whole = len(page.body) + sum(packed[one] for one in assets)
        assert whole < (10_000 if path in ("/", "/en/", "/km/") else 30_000), path
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)


def test_what_did_not_change_is_not_sent_again_and_head_sends_no_body(ask: Ask) -> None:
    page = ask("/")
    again = ask("/", HTTP_IF_NONE_MATCH=page.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    head = ask("/", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == page.headers["Content-Length"]


def ticket_of(page: Got) -> str:
    return re.findall(r'name="ve" value="([^"]+)"', page.text)[0]


@pytest.fixture
def quick_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests press as soon as the form is there."""
    monkeypatch.setattr(tickets, "LEAST_AGE", 0)


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


@pytest.mark.usefixtures("quick_hands")
def test_text_of_outside_never_becomes_a_page(ask: Ask) -> None:
    for hostile in ("<script>", '"><x', "@@ticket@@", "a~b", "é~"):
        page = ask(f"/tham-gia?{urlencode({'ma': hostile, 'viec': hostile})}").text
        assert hostile not in page
    assert "Phòng A &amp; B &lt;x&gt; C" in ask("/").text


def test_the_catalogue_is_shown_with_its_digest_in_groups(ask: Ask, home: Path) -> None:
    page = ask("/km/cong-cu").text
    groups = [TOOL.sha256[n : n + 4] for n in range(0, 64, 4)]
    assert " ".join(groups) in page
    assert "Máy quét &lt;Sen&gt;" in page
    assert "Quét máy tính" in page, "in the language that there is"
    build_site(home / "site2", CAMPAIGN)
    assert texts("en")["tools"]["none"] in asked_of(home / "site2", "en/cong-cu")
    assert "tracu.example" in ask("/that-hay-gia").text


def asked_of(site: Path, path: str) -> str:
    return (site / "pages" / path / "index.html").read_text()


def test_the_self_assessment_adds_up_and_keeps_nothing(ask: Ask, home: Path) -> None:
    words = texts("vi")["selftest"]
    before = sorted(home.rglob("*"))

    def said(*yes: str, without: str = "") -> tuple[int, str]:
        sent = {one: str(int(one in yes)) for one in QUESTIONS if one != without}
        page = ask("/tu-danh-gia", "POST", urlencode(sent))
        return page.status, page.text

    for yes, result in (
        ((), "low"),
        (("q3",), "middle"),
        (("q3", "q4"), "middle"),
        (("q3", "q4", "q5"), "high"),
        (("q1",), "high"),
    ):
        status, page = said(*yes)
        assert (status, escape(words[result]) in page) == (200, True)
        assert page.count(" checked") == len(QUESTIONS)
    status, page = said("q1", without="q2")
    assert (status, words["missing"] in page) == (422, True)
    assert sorted(home.rglob("*")) == before


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


def test_new_pages_and_tables_take_over(app: Application, ask: Ask, home: Path) -> None:
    assert "Mirai" not in ask("/kiem-tra").text
    write_table(home / "table.bin", contents(seen("192.0.2.77")))
    assert "Mirai" in ask("/kiem-tra").text
    build_site(home / "site", type(CAMPAIGN)("Tên khác", "Văn phòng", "", ""))
    assert "Tên khác" in ask("/").text
    assert len([one for one in home.iterdir() if one.name.startswith(".site")]) == 1


def test_health_says_what_the_table_is(ask: Ask, home: Path) -> None:
    said = json.loads(ask("/health").text)
    assert (said["listed"], said["problem"], said["dropped"]) == (2, "", 0)
    (home / "table.bin").write_bytes(b"x")
    assert "TableError" in json.loads(ask("/health").text)["problem"]


def test_the_clock_is_vietnams() -> None:
    offset = settings.local_now().utcoffset()
    assert offset == timedelta(hours=7)


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


def test_a_site_that_could_not_be_built_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        build_site(tmp_path / "site", CAMPAIGN, [None])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []


def test_an_iphone_has_steps_of_its_own_and_an_unknown_device_chooses(ask: Ask) -> None:
    page = ask("/kiem-tra", HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 17_1)").text
    assert '<a class="button" href="/lam-sach/ios">' in page
    assert texts("vi")["steps"]["ios"]["one"] in ask("/lam-sach/ios").text
    assert '<a class="button" href="/lam-sach">' in ask("/kiem-tra").text


def test_of_a_family_without_known_devices_none_are_named(ask: Ask, home: Path) -> None:
    listed = contents(PublicEntry("192.0.2.77", "Botnet", date(2022, 9, 16), date(2022, 9, 16)))
    write_table(home / "table.bin", replace(listed, families=(MalwareFamily("Botnet", ()),)))
    page, words = ask("/kiem-tra").text, texts("vi")["result"]
    assert words["botnet"] in page
    assert words["lives"] not in page
    assert words["since"] not in page, "once is one day"


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
