"""The block page: what was typed is escaped, the browser's language and platform count."""

import pytest

from quetsach_public.pages.campaign import texts
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


def test_the_platform_of_the_browser_stands_open(office: Office) -> None:
    page = office.ask("/.quetsach/en", HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 10; K)").text
    assert "<details open><summary>Android" in page
    assert page.count("<details open>") == 1
