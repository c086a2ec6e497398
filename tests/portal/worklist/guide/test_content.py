"""The texts of the help: both languages, and nothing that leads nowhere."""

import re
from pathlib import Path

from django.urls import reverse
from django.utils import translation

import quetsach_portal
from quetsach_portal.people.models.roles import Role
from quetsach_portal.worklist.guide.content import (
    BilingualText,
    help_roles,
    help_subjects,
    help_words,
)

TEMPLATES = Path(quetsach_portal.__file__).parent
MARK = re.compile(r"\{%\s*help_on\s+\"([\w-]+)\"\s*%\}")
FEWEST_MARKS = 110


def marks() -> dict[str, str]:
    """Return the subject of each `?` by the template that has it."""
    return {
        f"{path.name}:{match.start()}": match[1]
        for path in TEMPLATES.rglob("*.html")
        for match in MARK.finditer(path.read_text(encoding="utf-8"))
    }


def texts() -> list[BilingualText]:
    return [
        *(text for word in help_words().values() for text in (word.term, word.meaning)),
        *(text for row in help_subjects().values() for text in (row.title, row.text)),
        *(text for page in help_roles().values() for text in (page.title, page.intro)),
        *(step.text for page in help_roles().values() for step in page.steps),
    ]


def test_every_mark_leads_to_a_subject_that_is_there() -> None:
    used = marks()
    assert len(used) >= FEWEST_MARKS
    assert set(used.values()) <= help_subjects().keys()


def test_every_subject_is_reached_from_a_heading_or_from_a_role() -> None:
    from_roles = {row.key for page in help_roles().values() for row in page.subjects}
    assert help_subjects().keys() <= from_roles | set(marks().values())


def test_every_role_of_the_portal_has_its_page_and_citizens_have_one() -> None:
    pages = help_roles().values()
    assert len(pages) == 8
    assert sorted(role for page in pages for role in page.roles) == sorted(Role.values)
    assert [page.key for page in pages if not page.roles] == ["nguoi-dan"]


def test_every_step_opens_an_address_that_is_there() -> None:
    for page in help_roles().values():
        for step in page.steps:
            assert not step.opens or reverse(step.opens), step.text


def test_every_text_is_there_in_both_languages_and_no_two_are_the_same_text() -> None:
    for text in texts():
        assert text.vietnamese.strip(), text
        assert text.english.strip(), text
    sentences = [text.vietnamese for text in texts() if len(text.vietnamese) > 40]
    assert len(set(sentences)) == len(sentences)


def test_a_text_is_shown_in_the_language_in_use() -> None:
    text = BilingualText("Trang Hôm nay", "Today")
    with translation.override("vi"):
        assert str(text) == "Trang Hôm nay"
    with translation.override("en"):
        assert str(text) == "Today"


def test_the_words_that_an_office_asks_about_are_explained() -> None:
    terms = {word.term.vietnamese for word in help_words().values()}
    asked = {"03 hệ", "nhật ký", "đợt", "đã chứng minh sạch", "rút thăm kiểm tra lại"}
    assert asked <= terms
