"""Letters: drafted, written, and read back with what the program knows."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from quetsach.api import letters
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.documents.drafts import LAUNCH
from tests.letters.texts import sample
from tests.sweeping.evidence import write


def test_a_letter_is_read_with_the_forms_and_the_lists_that_the_program_knows(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "cv.txt", sample("district-letter"))
    letter = letters.read_letter(path)
    assert [one.known_form for one in letter.appendices] == ["phu-luc-2022"]
    assert letter.indicators is not None
    assert letter.indicators.count == len(read_lists([path], ListOptions()).indicators)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_letter_that_we_drafted_is_read_back_as_it_was_meant(kind: str, tmp_path: Path) -> None:
    draft = letters.draft_letter("trien-khai-chien-dich", LAUNCH)
    body = letters.letter_body_from_plain(letters.letter_body_as_plain(draft.text.body))
    assert body == draft.text.body
    capacity = letters.SignatureLine(letters.SigningCapacity.FOR_SUPERIOR, "Chủ tịch")
    letter = letters.OfficialLetter(
        replace(
            letters.letterhead_of("Ủy ban nhân dân huyện Trà Cú"),
            code="UBND-TH",
            number=12,
            place="Trà Cú",
            signed_on=date(2022, 9, 12),
            addressees=("Phòng Nội vụ", "Ủy ban nhân dân các xã"),
        ),
        draft.text,
        signer=letters.LetterSigner("Phó Chủ tịch", "Tăng Thị Thắm", (capacity,)),
        annexes=(letters.form_annex("phu-luc-2022"),),
    )
    written = letters.letter_document(letter, tmp_path, paper=True)
    read = letters.read_letter(next(one for one in written.files if one.suffix == f".{kind}"))
    assert (read.number.value, read.code.value, read.date.value) == ("12", "UBND-TH", "2022-09-12")
    assert read.subject.value == draft.text.subject
    assert read.addressees.value == ("Phòng Nội vụ", "Ủy ban nhân dân các xã")
    assert read.basis[0].code.value == "STTTT-BCVTCNTT"
    assert read.due.value == "2022-09-28T23:59:59+07:00"
    assert read.campaign_page.value == LAUNCH["page"]
    assert read.signer.name.value == "Tăng Thị Thắm"
    assert [one.known_form for one in read.appendices] == ["phu-luc-2022"]
    assert len(read.tasks) == 4


def test_the_example_of_the_page_on_letters_runs(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs/letters-out.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    exec(code, {"folder": tmp_path})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cong-van.docx", "cong-van.pdf"]


def test_templates_say_which_fields_they_ask_for() -> None:
    (launch,) = [one for one in letters.letter_templates() if one.code == "trien-khai-chien-dich"]
    asked = {field.id for field in launch.fields}
    assert set(LAUNCH) <= asked


def test_a_letter_larger_than_any_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cv.txt"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    with pytest.raises(QuetsachError) as caught:
        letters.read_letter(path)
    assert caught.value.problem.code == "E413"
