"""Letter templates and drafts: values are put in, and never read as a template."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quetsach.documents.letters.drafts import (
    TEMPLATES,
    Draft,
    citation_in_words,
    draft_letter,
    letter_template_codes,
    letter_templates,
    load_letter_template,
)
from quetsach.documents.letters.files import letter_files
from quetsach.documents.letters.letter import Citation, Medium, OfficialLetter, PassageLevel
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import language, use_language
from tests.documents.drafts import PARENT, VALUES
from tests.documents.letters import HOSTILE, broken_rules, pdf_pages, usual, word_text


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


def draft(code: str = "trien-khai-chien-dich", **more: Any) -> Draft:
    values = {**VALUES[code], **more}
    kept = {name: value for name, value in values.items() if value is not None}
    return draft_letter(load_letter_template(code), kept)


def lettered(made: Draft) -> OfficialLetter:
    return replace(usual(), text=made.text, recipients=made.recipients)


def test_the_letter_of_the_district_is_drafted() -> None:
    text = draft().text
    assert text.subject == "triển khai chiến dịch rà quét xử lý mã độc năm 2022"
    assert text.basis == (
        "Thực hiện Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022 của Sở Thông tin và Truyền thông "
        "về việc triển khai chiến dịch rà quét xử lý mã độc năm 2022.",
    )
    assert [one.level for one in text.body] == [PassageLevel.PLAIN, *[PassageLevel.POINT] * 4]
    last = text.body[-1]
    assert last.pieces[-1].strong
    assert last.pieces[-1].text == "trước ngày 29/9/2022 (theo Phụ lục đính kèm)."
    assert "khonggianmang.example/chiendichmadoc2022. Công cụ chỉ tải" in text.body[3].text


def test_given_tasks_take_the_place_of_the_usual_ones() -> None:
    body = draft(tasks=["Tuyên truyền.", "", " Rà quét. "]).text.body
    assert [one.text for one in body[2:4]] == ["Tuyên truyền.", "Rà quét."]
    assert not any("bẻ khóa" in one.text for one in body)


@pytest.mark.parametrize("code", VALUES)
def test_no_placeholder_is_left_whatever_is_left_open(code: str) -> None:
    template = load_letter_template(code)
    needed = {field.id for field in template.fields if field.required}
    for values in (
        VALUES[code],
        {name: value for name, value in VALUES[code].items() if name in needed},
    ):
        made = draft_letter(template, values)
        told = [made.text.subject, *made.text.basis, *(one.text for one in made.text.body)]
        for text in told:
            assert not set("{}*") & set(text), text
            assert "  " not in text
            assert " ." not in text


@pytest.mark.parametrize("code", VALUES)
def test_a_draft_of_each_template_makes_a_letter_that_keeps_every_rule(code: str) -> None:
    for medium in Medium:
        assert broken_rules(letter_files(lettered(draft(code)), medium=medium).docx) == []


def test_every_template_has_its_values_here() -> None:
    assert sorted(VALUES) == [one.code for one in letter_templates()]


@pytest.mark.parametrize("text", HOSTILE)
def test_D1_a_value_is_never_a_template(text: str) -> None:
    made = draft(
        campaign=text, speaker=text, receivers=text, tasks=[text, text], form=text, collector=text
    )
    line = " ".join(text.split())
    assert made.text.subject == f"triển khai {line}"
    assert made.text.body[0].text == f"{line} có ý kiến như sau:"
    assert [one.pieces[0].text for one in made.text.body[2:4]] == [line, line]
    # Emphasis in a value changes nothing of what is emphasised around it.
    assert [piece.strong for piece in made.text.body[-1].pieces] == [False, True]
    files = letter_files(lettered(made))
    squeezed = "".join(line.split())
    for told in (word_text(files.docx), "".join(pdf_pages(files.pdf))):
        assert "".join(told.split()).count(squeezed) >= 6


def test_the_last_of_a_list_ends_with_a_stop() -> None:
    dashes = [one.text for one in draft("nhac-bao-cao").text.body if one.level is PassageLevel.DASH]
    assert dashes == ["Ủy ban nhân dân xã Tập Sơn;", "Phòng Nội vụ."]


def test_a_line_whose_document_is_not_given_falls_out() -> None:
    assert draft("nhac-bao-cao").text.basis == (
        "Tiếp theo Công văn số 12/UBND-TH ngày 12/9/2022 của Ủy ban nhân dân huyện.",
    )
    assert len(draft("nhac-bao-cao", parent=PARENT).text.basis) == 2


@pytest.mark.parametrize(
    ("more", "code", "reason"),
    [
        ({"campaign": None}, "E422", "“Name of the campaign” is missing"),
        ({"campaign": "  "}, "E422", "“Name of the campaign” is missing"),
        ({"parent": Citation(" ")}, "E422", "“Letter of the level above” is missing"),
        ({"deadline": "29/9/2022"}, "E422", "of the wrong kind"),
        ({"campaign": ["a"]}, "E422", "of the wrong kind"),
        ({"tasks": "a"}, "E422", "of the wrong kind"),
        ({"tasks": ["a", 1]}, "E422", "of the wrong kind"),
        ({"nobody": "x"}, "E422", "it has no field nobody"),
        ({"page": "javascript:alert(1)"}, "E409", "javascript"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(more: Any, code: str, reason: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        draft(**more)
    assert caught.value.problem.code == code
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("cited", "tongue", "words"),
    [
        (Citation("5/UBND-TH"), "vi", "Công văn số 5/UBND-TH"),
        (
            Citation("02/KH-UBND", date(2026, 1, 5), kind="Kế hoạch"),
            "vi",
            "Kế hoạch số 02/KH-UBND ngày 05/01/2026",
        ),
        (
            Citation("5/UBND-TH", date(2026, 1, 5), "the district", "the campaign"),
            "en",
            "Official Letter No 5/UBND-TH dated 05/01/2026 of the district on the campaign",
        ),
        (Citation("%(kind)s {x}", body="100%"), "vi", "Công văn số %(kind)s {x} của 100%"),
    ],
)
def test_a_document_is_named_by_what_is_known_of_it(
    cited: Citation, tongue: str, words: str
) -> None:
    assert citation_in_words(cited, tongue) == words


SOUND = """
code = "thu"
version = "1"
language = "vi"
title = { vi = "Thử", en = "Trial" }
subject = "thử {name}"
basis = ["Thực hiện {parent}."]

[[fields]]
id = "name"
label = { vi = "Tên", en = "Name" }

[[fields]]
id = "parent"
kind = "citation"
required = false
label = { vi = "Văn bản", en = "Letter" }

[[fields]]
id = "tasks"
kind = "list"
label = { vi = "Việc", en = "Tasks" }

[[body]]
text = "Về **{name}**:"

[[body]]
each = "tasks"
level = "point"
text = "{tasks};"
last = "{tasks}."
"""


def write(folder: Path, text: str = SOUND) -> Path:
    (folder / "thu.toml").write_text(text, encoding="utf-8")
    return folder


def test_our_templates_are_sound_and_in_two_languages() -> None:
    made = letter_templates()
    assert [one.code for one in made] == [
        "dinh-chinh",
        "launch-campaign",
        "nhac-bao-cao",
        "tra-loi-canh-bao",
        "tra-loi-dia-chi-ip",
        "trien-khai-chien-dich",
    ]
    assert {one.language for one in made} == {"vi", "en"}
    for one in made:
        assert all(field.label.vi and field.label.en for field in one.fields)
        # What the clerk reads names no field by its id.
        assert all("_" not in field.label.vi for field in one.fields)


def test_a_new_template_needs_no_code(tmp_path: Path) -> None:
    (template,) = letter_templates(write(tmp_path))
    assert [field.id for field in template.fields] == ["name", "parent", "tasks"]
    assert template.body[1].last == "{tasks}."


@pytest.mark.parametrize(
    "code", ["", "no-such", "../forms/phu-luc-2022", "trien-khai-chien-dich.toml", "x" * 999]
)
def test_D2_only_a_listed_template_is_ever_opened(code: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        load_letter_template(code)
    assert caught.value.problem.code == "E420"
    assert set(letter_template_codes()) == {path.stem for path in TEMPLATES.glob("*.toml")}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('code = "thu"', 'code = "khac"', "in a file named"),
        ("thử {name}", "thử {nobody}", "no field nobody"),
        ("thử {name}", "thử {parent}", "may be left open"),
        ("thử {name}", "thử {name.__class__}", "a brace that names no field"),
        ("thử {name}", "thử {{ name }}", "a brace that names no field"),
        ("Về **{name}**", "Về **{name}", "emphasis that does not end"),
        ("Về **{name}**", "Về {name} {parent}", "does not say that it needs it"),
        ("Về **{name}**", "Về {name} {tasks}", "stands outside of its each"),
        ('each = "tasks"', 'each = "name"', "each name is no list"),
        ('each = "tasks"\n', "", "a last without each"),
        ('id = "parent"', 'id = "name"', "a field stands twice"),
        ('basis = ["Thực hiện {parent}."]', "", "field parent is never used"),
        ('kind = "list"', 'kind = "script"', "script"),
        ("[[fields]]", "[[fields", "toml"),
    ],
)
def test_a_fault_is_named(old: str, new: str, fault: str, tmp_path: Path) -> None:
    assert old in SOUND
    folder = write(tmp_path, SOUND.replace(old, new))
    with pytest.raises(QuetsachError) as caught:
        load_letter_template("thu", folder)
    assert caught.value.problem.code == "E421"
    assert fault in str(caught.value)
