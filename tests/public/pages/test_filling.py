"""What is filled into a page: never a page itself; the clock is Vietnam's."""

from datetime import timedelta
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from quetsach_public import settings
from quetsach_public.pages.building import QUESTIONS
from quetsach_public.pages.campaign import texts
from tests.public.asking import Ask


@pytest.mark.usefixtures("quick_hands")
def test_text_of_outside_never_becomes_a_page(ask: Ask) -> None:
    for hostile in ("<script>", '"><x', "@@ticket@@", "a~b", "é~"):
        page = ask(f"/tham-gia?{urlencode({'ma': hostile, 'viec': hostile})}").text
        assert hostile not in page
    assert "Phòng A &amp; B &lt;x&gt; C" in ask("/").text


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


def test_the_clock_is_vietnams() -> None:
    offset = settings.local_now().utcoffset()
    assert offset == timedelta(hours=7)
