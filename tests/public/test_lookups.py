"""What a caller hears of the own address: four answers, devices and their steps."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from quetsach_public.app import Application
from quetsach_public.pages.campaign import texts
from quetsach_public.table import MalwareFamily
from quetsach_public.table_writing import PublicEntry, write_table
from tests.public.asking import Ask
from tests.public.made import NOW, contents


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
    assert '<a class="button second" href="/lam-sach/router">' in page
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
    assert "Windows 7 has had no security updates since 14/01/2020" in page


def test_what_is_old_for_one_reason_is_said_once(ask: Ask) -> None:
    phone = "Mozilla/5.0 (Linux; Android 9; SM-G960F) AppleWebKit/537.36 Chrome/80.0.3987.99"
    page = ask("/kiem-tra", HTTP_USER_AGENT=phone).text
    said = texts("vi")["result"]["hint_old"].partition("{what}")[2]
    assert page.count(said) == 1
    assert f"Android 9, Chrome 80{said}" in page


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
