"""The block page: what was typed is escaped, the browser's language and platform count."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach.instructions.steps import (
    WORKPLACES,
    MachinePlace,
    at_once,
    home_steps,
    instruction,
)
from quetsach_public.pages.campaign import LANGUAGES, texts
from tests.public.block_page.making import PC, Office


@pytest.mark.parametrize(
    "host",
    [
        *("good.example", "www.exact.worse.example", "worse.example"),
        *("192.168.77.2", "[fd00::2]:80"),
        *("<script>alert(1)</script>", "bad.example<b>", 'x" onload="y', "a\r\nSet-Cookie: x", ""),
        *("bad.example" + "a" * 300, "xbad.example", "bad.example.evil.example"),
    ],
)
def test_what_is_on_no_list_is_never_repeated(office: Office, host: str) -> None:
    page = office.ask(HTTP_HOST=host)
    assert page.status == 403
    assert "<b>" not in page.text
    assert not host or host.strip() not in page.text
    assert office.app.standing.stand(PC, office.clock())[1].name == ""


def test_what_the_office_typed_is_escaped(office: Office) -> None:
    assert "Xã &lt;Một&gt; &amp; B" in office.ask().text


def test_the_page_speaks_what_the_browser_asks_for(office: Office) -> None:
    assert '<html lang="vi">' in office.ask().text
    khmer = office.ask(HTTP_ACCEPT_LANGUAGE="fr-FR,km;q=0.9").text
    assert '<html lang="km">' in khmer
    # It waits for a native reader, and says so.
    assert texts("km")["review"] in khmer
    english = office.ask("/.quetsach/en").text
    assert '<html lang="en">' in english
    assert 'class="review"' not in english


def test_at_home_the_cleaning_steps_of_the_browser_s_platform_stand_open(tmp_path: Path) -> None:
    office = Office(tmp_path, place=MachinePlace.HOME)
    page = office.ask("/.quetsach/en", HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 10; K)").text
    assert "<details open><summary>Android" in page
    assert page.count("<details open>") == 1


@pytest.mark.parametrize("place", WORKPLACES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_office_machine_is_cut_off_and_left_on_and_the_phone_is_a_big_button(
    tmp_path: Path, place: MachinePlace, language: str
) -> None:
    office = Office(tmp_path, place=place, phone="0299 000 000")
    page = office.ask(f"/.quetsach/{language}").text
    orders = page.partition('<ol class="steps at-once">')[2].partition("</ol>")[0]
    assert [step.title in orders for step in at_once(place, language)] == [True] * len(
        at_once(place, language)
    )
    assert 'class="button call" href="tel:0299000000"' in orders
    cleaning = home_steps(language, "windows")
    assert not [step.text for step in cleaning if step.text in page]


def test_a_phone_is_put_into_airplane_mode(office: Office) -> None:
    agent = "Mozilla/5.0 (Linux; Android 10; K)"
    page = office.ask("/.quetsach/en", HTTP_USER_AGENT=agent).text
    assert instruction("disconnect", "en", machine="android").text in page
    assert instruction("disconnect", "en").text not in page


def test_the_orders_go_when_the_case_is_quiet_or_clean_and_come_back_with_a_new_call(
    office: Office,
) -> None:
    office.ask("/")
    own = {"HTTP_HOST": "192.168.1.5"}
    assert "at-once" in office.ask("/", **own).text
    office.clock.at += 3600
    when = datetime.fromtimestamp(office.clock.at, UTC).isoformat()
    lines = f"nobody\n192.0.2.1 later\n{PC} {when}\n{PC} 2026-01-01\n"
    (office.home / "handled.txt").write_text(lines)
    office.app.tidy()
    for page in (office.ask("/.quetsach/vi"), office.ask("/", **own)):
        assert "at-once" not in page.text
        assert office.phase() == "handled"
    office.clock.at += 60
    assert "at-once" in office.ask("/").text
    assert "at-once" in office.ask("/.quetsach/vi").text
    (office.home / "handled.txt").unlink()
    office.app.tidy()
    assert office.phase() == "held"
