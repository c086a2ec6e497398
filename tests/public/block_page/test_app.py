"""The held page answers for every name, tells listed ones alone, and leads nowhere else."""

from pathlib import Path

import pytest

from quetsach_public.block_page.app import BlockPageApplication, serve
from quetsach_public.block_page.settings import VARIABLE, BlockPageSettings
from tests.public.asking import asked
from tests.public.block_page.making import PC, Office


def asks(office: Office) -> int:
    return office.app.standing.stand(PC, office.clock())[1].asks


@pytest.mark.parametrize("host", ["bad.example", "WWW.Bad.Example.:80", "a.b.bad.example"])
def test_a_listed_name_is_told(office: Office, host: str) -> None:
    page = office.ask("/x/y?z=1", HTTP_HOST=host)
    assert page.status == 403
    assert "<b>bad.example</b>" in page.text
    assert PC in page.text


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "CONNECT"])
def test_programs_that_call_get_a_short_refusal(office: Office, method: str) -> None:
    got = office.ask("/gate.php", method)
    assert got.status == 403
    assert got.body == b"held\n"
    assert office.app.standing.stand(PC, office.clock())[1].asks == 1


def test_nothing_leads_elsewhere_and_nothing_stays_in_a_browser(office: Office) -> None:
    for path in ("/", "/index.html", "/.quetsach/vi", "/.quetsach/x", "/.quetsach/../..", "//evil"):
        got = office.ask(path)
        assert "Location" not in got.headers
        assert got.headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in got.headers
        assert "Set-Cookie" not in got.headers
    assert office.press().headers["Location"] == "/.quetsach/vi/cho"


def test_the_files_of_the_page_are_there(office: Office) -> None:
    for name in ("page.css", "held.js"):
        assert office.ask(f"/.quetsach/{name}").status == 200


@pytest.mark.parametrize("path", ["/favicon.ico", "/apple-touch-icon.png", "/robots.txt"])
def test_what_browsers_ask_for_beside_a_page_counts_only_without_one(
    office: Office, path: str
) -> None:
    office.ask(path)
    office.ask(path)
    assert asks(office) == 1
    office.clock.at += 60
    office.ask("/")
    office.ask(path)
    assert asks(office) == 2


@pytest.mark.parametrize(
    "path",
    [
        *("/favicon.ico/gate.php", "/favicon.ico?id=1", "/robots.txt.php", "/apple-touch-icon/x"),
        *("/.quetsach/beacon", "/.quetsach/vi/x", "/.quetsach/vi?id=1", "/.quetsach/held.js?id=1"),
    ],
)
def test_paths_that_look_like_a_browsers_or_ours_count(office: Office, path: str) -> None:
    office.press()
    office.clock.at += 60
    office.ask(path)
    office.ask(path)
    assert office.phase() == "asked"
    assert asks(office) == 2


@pytest.mark.parametrize("host", ["192.168.77.2", "[fd00::2]:80", "good.example", ""])
def test_no_host_hides_a_call(office: Office, host: str) -> None:
    office.ask("/gate.php", "POST", HTTP_HOST=host)
    office.ask("/?id=1", HTTP_HOST=host)
    assert asks(office) == 2


def test_who_opens_the_page_by_its_address_calls_no_listed_name(office: Office) -> None:
    office.ask(HTTP_HOST="192.168.77.2")
    office.ask(HTTP_HOST="[fd00::2]:80")
    assert asks(office) == 0


def test_only_the_form_of_the_page_says_that_a_machine_is_clean(office: Office) -> None:
    for path in ("/.quetsach/vi/sach", "/.quetsach/vi/sach/", "/.quetsach/vi/sach/1-2"):
        assert 'role="alert"><p>' in office.ask(path, "POST").text
    assert office.ask(office.form("192.168.1.21"), "POST").status == 403
    assert office.phase() == "held"
    form = office.form()
    office.clock.at += 13 * 3600
    asked_before = asks(office)
    assert office.ask(form, "POST").status == 403
    assert asks(office) == asked_before, "an old form is no call"
    assert office.phase() == "held"


def test_a_stranger_name_turned_to_the_page_presses_for_nobody(office: Office) -> None:
    host = "attacker.example"
    got = office.ask(office.form(), "POST", HTTP_HOST=host, HTTP_ORIGIN=f"http://{host}")
    assert got.status == 403
    assert office.phase() == "held"
    page = office.ask("/.quetsach/vi", HTTP_HOST=host).text
    assert 'action="/.quetsach/vi/sach/"' in page, "the stranger's script could read a proof there"
    assert office.ask(office.form(), "POST", HTTP_HOST="192.168.77.2").status == 303


def test_a_form_of_another_site_says_nothing(office: Office) -> None:
    for more in ({"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "http://evil.example"}):
        assert office.ask(office.form(), "POST", **more).status == 403
    assert office.phase() == "held"


def test_without_a_list_any_name_counts_and_none_is_told(tmp_path: Path) -> None:
    app = BlockPageApplication(BlockPageSettings(tmp_path))
    for host in ("bad.example", "192.168.77.2"):
        page = asked(app, "/", remote=PC, HTTP_HOST=host)
        assert "bad.example" not in page.text
    assert app.standing.stand(PC, 0)[1].asks == 1


def test_an_address_of_version_4_in_6_is_the_same_machine(office: Office) -> None:
    office.press(f"::ffff:{PC}")
    assert office.phase() == "waiting"


def test_the_server_makes_the_application_of_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, BlockPageSettings(tmp_path, office="Xã A").as_text())
    assert "Xã A" in asked(serve(), "/", HTTP_HOST="bad.example").text
