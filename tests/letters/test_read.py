"""Whole letters: samples with what is expected of them, layouts, contradictions, damage."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.letters.lines import MOST_LINES
from quetsach.letters.model import DocumentLikeness, ReadLetter
from quetsach.letters.read import read_letter
from quetsach.letters.tasks import MOST_TASKS
from tests.letters.golden import as_json, expected_path, samples
from tests.letters.texts import codes, letter_of, paper_of, paper_of_blocks, sample

DISTRICT = sample("district-letter")


@pytest.mark.parametrize("path", samples(), ids=lambda path: path.stem)
def test_a_sample_reads_as_the_file_beside_it_says(path: Path) -> None:
    assert as_json(path) == json.loads(expected_path(path).read_text(encoding="utf-8"))


def values(letter: ReadLetter) -> tuple[object, ...]:
    """Return what a reader of the letter would write down; without where it stood."""
    return (
        letter.issuer.value,
        letter.parent.value,
        letter.number.value,
        letter.code.value,
        letter.date.value,
        letter.date.partial,
        letter.place.value,
        letter.kind.value,
        letter.subject.value,
        letter.addressees.value,
        [(one.number.value, one.code.value, one.date.value, one.issuer.value)
         for one in letter.basis],
        [(one.number, one.text, one.who.value, [kind.kind for kind in one.kinds])
         for one in letter.tasks],
        letter.due.value,
        letter.campaign_page.value,
        letter.compiler.value,
        letter.report_to.value,
        letter.report_through.value,
        letter.recipients.value,
        letter.filed.value,
        (letter.signer.name.value, letter.signer.position.value),
        (letter.signer.capacity.value, letter.signer.on_behalf_of.value),
        codes(letter),
    )  # fmt: skip


def body_of(text: str) -> list[str]:
    start, end = text.index("Kính gửi"), text.index("Nơi nhận")
    return [line for line in text[start:end].split("\n") if line]


def test_the_same_letter_as_tables_side_by_side_reads_the_same() -> None:
    head = (
        (
            "ỦY BAN NHÂN DÂN\nHUYỆN SAO MAI",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
        ),
        (
            "Số: /UBND-TH\nV/v triển khai chiến dịch rà\nquét xử lý mã độc năm 2022",
            "Sao Mai, ngày tháng 9 năm 2022",
        ),
    )
    foot = (
        "Nơi nhận:\n- Như trên;\n- CT, các PCT UBND huyện;\n- Phòng VH&TT;\n- LĐVP;\n- Lưu: VT.",
        "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n\n\n\nTrần Thị Minh",
    )
    tables = read_letter(paper_of_blocks(*head, *body_of(DISTRICT), foot))
    plain = letter_of(DISTRICT[: DISTRICT.index("Phụ lục\n")])
    assert values(tables) == values(plain)


@pytest.mark.parametrize("gap", [" ", "          "])
def test_the_same_letter_with_its_columns_run_together_reads_the_same(gap: str) -> None:
    head = (
        f"ỦY BAN NHÂN DÂN{gap}CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"HUYỆN SAO MAI{gap}Độc lập - Tự do - Hạnh phúc",
        f"Số: /UBND-TH{gap}Sao Mai, ngày tháng 9 năm 2022",
        "V/v triển khai chiến dịch rà",
        "quét xử lý mã độc năm 2022",
    )
    foot = (
        f"Nơi nhận:{gap}KT. CHỦ TỊCH",
        f"- Như trên;{gap}PHÓ CHỦ TỊCH",
        "- CT, các PCT UBND huyện;",
        "- Phòng VH&TT;",
        "- LĐVP;",
        f"- Lưu: VT.{gap}Trần Thị Minh",
    )
    run = read_letter(paper_of_blocks(*head, *_wrapped(body_of(DISTRICT)), *foot, form="pdf"))
    plain = letter_of(DISTRICT[: DISTRICT.index("Phụ lục\n")].replace("*", ""))
    assert values(run) == values(plain)


def _wrapped(lines: list[str], width: int = 90) -> list[str]:
    """Break lines as a page does, between words."""
    found: list[str] = []
    for line in lines:
        row = ""
        for word in line.replace("*", "").split(" "):
            if row and len(row) + 1 + len(word) > width:
                found.append(row)
                row = word
            else:
                row = f"{row} {word}" if row else word
        found.append(row)
    return found


def test_two_due_dates_for_the_report_are_a_question() -> None:
    end = "Đề nghị gửi báo cáo trước ngày 30/9/2022.\nNơi nhận:"
    letter = letter_of(DISTRICT.replace("Nơi nhận:", end))
    assert letter.due.value is None
    assert "due-several" in codes(letter)
    assert len(letter.dues) == 2


def test_a_letter_dated_after_its_due_date_is_a_question() -> None:
    letter = letter_of(DISTRICT.replace("ngày tháng 9", "ngày 30 tháng 9"))
    assert (letter.date.value, letter.due.value) == ("2022-09-30", None)
    assert "due-early" in codes(letter)


def test_a_letter_of_the_due_day_itself_is_no_contradiction_where_the_day_counts() -> None:
    text = DISTRICT.replace("trước ngày", "chậm nhất ngày")
    letter = letter_of(text.replace("ngày tháng 9", "ngày 29 tháng 9"))
    assert letter.due.value == "2022-09-29T23:59:59+07:00"


def test_an_annex_that_is_not_in_the_file_is_a_question() -> None:
    assert "annex" in codes(letter_of(DISTRICT[: DISTRICT.index("Phụ lục\n")]))
    assert "annex" not in codes(letter_of(DISTRICT))


def test_an_item_that_is_missing_is_a_question() -> None:
    lines = [line for line in DISTRICT.split("\n") if not line.startswith("2. Chủ động")]
    letter = letter_of("\n".join(lines))
    assert [one.number for one in letter.tasks] == ["1", "3"]
    assert "tasks-numbers" in codes(letter)


def test_every_question_of_a_field_stands_in_the_list_of_questions() -> None:
    for path in samples():
        letter = letter_of(path.read_text(encoding="utf-8"))
        texts = {one.text for one in letter.questions}
        asked = re.findall(r'"question": "([^"]+)"', json.dumps(as_json(path), ensure_ascii=False))
        assert set(asked) <= texts


NO_LETTERS = ("", "\n\n", "1\t2\t3\n4\t5\t6", "xin chào", "192.0.2.1\nbad.example\n")


@pytest.mark.parametrize("text", NO_LETTERS)
def test_what_is_no_letter_has_one_question_and_no_value(text: str) -> None:
    letter = letter_of(text)
    assert (letter.looks, codes(letter)) == (DocumentLikeness.NONE, ["not-a-letter"])
    said = [one for one in values(letter)[:-1] if one not in (None, "", [], (None, None))]
    assert said == []


def _damaged(text: str, seed: int) -> str:
    """Return `text` with lines dropped and joined, accents stripped and spaces disturbed."""
    dice = random.Random(seed)
    lines = text.split("\n")
    for _ in range(dice.randrange(1, 6)):
        place = dice.randrange(len(lines))
        kind = dice.randrange(6)
        if kind == 0 and len(lines) > 2:
            del lines[place]
        elif kind == 1 and place:
            lines[place - 1 : place + 1] = [
                lines[place - 1] + dice.choice((" ", "")) + lines[place]
            ]
        elif kind == 2:
            lines[place] = lines[place].translate(str.maketrans("ốữộệàáãầĐ", "ouoeaaaaD"))
        elif kind == 3:
            lines[place] = lines[place].replace(" ", dice.choice(("\xa0", "  ", " \u200b", "\t")))
        elif kind == 4:
            cut = dice.randrange(len(lines[place]) + 1)
            lines[place : place + 1] = [lines[place][:cut], lines[place][cut:]]
        else:
            lines.insert(dice.randrange(len(lines)), lines[place])
    if dice.randrange(8) == 0:
        return " ".join(lines)
    return "\n".join(lines)


def _assert_nothing_is_invented(letter: ReadLetter, text: str) -> None:
    figures = re.sub(r"[^0-9]+", " ", text)
    glued = re.sub(r"[^0-9]+", "", text)
    for found in (letter.number, *(one.number for one in letter.basis)):
        assert found.value is None or re.sub(r"\D", "", found.value) in figures
    days = [letter.date.value, *(one.date.value for one in letter.basis)]
    for day in filter(None, days):
        year, month, date = day.split("-")
        assert year in glued
        assert re.search(f"0?{int(date)}", figures)
        assert re.search(f"0?{int(month)}", figures) or "September" in text
    for due in letter.dues:
        assert due.words in due.source.text
        assert due.last_moment is None or due.last_moment[:4] in glued
    for moment in filter(None, (letter.due.value,)):
        assert moment in [due.last_moment for due in letter.dues]


@given(st.sampled_from(samples()), st.integers(0, 2**32))
def test_a_damaged_letter_never_raises_and_invents_nothing(path: Path, seed: int) -> None:
    text = _damaged(path.read_text(encoding="utf-8"), seed)
    _assert_nothing_is_invented(letter_of(text, path.name), text)


@given(st.text(alphabet=st.characters(codec="utf-16", exclude_categories=()), max_size=400))
def test_any_text_behind_a_head_is_read_without_a_fault(text: str) -> None:
    letter_of(f"Số: 1/UBND-TH\nKính gửi: A.\n{text}\n1. {text}\nNơi nhận:\n{text}\nPhụ lục\n{text}")


def test_what_is_longer_than_a_letter_is_cut_and_named() -> None:
    items = "\n".join(f"{n}. Rà soát máy tính số {n}." for n in range(1, MOST_LINES + 10))
    letter = letter_of(DISTRICT.replace("1. Thủ trưởng", f"{items}\n1. Thủ trưởng"))
    assert len(letter.tasks) == MOST_TASKS
    assert {"too-long", "tasks-more"} <= set(codes(letter))
    assert [one[:4] for one in letter.problems] == ["E430"]


def test_what_the_document_could_not_read_is_named() -> None:
    from dataclasses import replace

    from quetsach.errors.exceptions import Problem

    paper = replace(paper_of(DISTRICT), problems=(Problem("E410", "ảnh.png"),))
    assert read_letter(paper).problems[0].startswith("E410 ảnh.png")


def test_a_letter_read_from_a_picture_is_marked_and_asked_about() -> None:
    from dataclasses import replace

    from msgspec import structs

    paper = paper_of(DISTRICT)
    blocks = tuple(structs.replace(one, by_ocr=True) for one in paper.blocks)
    letter = read_letter(replace(paper, blocks=blocks))
    assert letter.by_ocr
    assert codes(letter)[0] == "ocr"


def test_indicators_are_counted_by_the_function_that_is_handed_in() -> None:
    from quetsach.letters.model import IndicatorCount

    letter = read_letter(
        paper_of(DISTRICT), count=lambda paper: IndicatorCount(len(paper.blocks), ("page 2",))
    )
    assert letter.indicators == IndicatorCount(len(paper_of(DISTRICT).blocks), ("page 2",))
    assert read_letter(paper_of(DISTRICT)).indicators is None


WORDS = (
    "1/",
    "trước ngày ",
    "báo cáo đến Ủy ban ",
    "a) ",
    "ngày 1 tháng ",
    "công văn số 1/A- ",
    "Số: /A-A-",
    "chiến dịch làm sạch ",
    "http://",
    "( ",
    "gửi kèm phụ lục ",
    "đồng chí A ",
    "qua Văn phòng (",
    "đề nghị Ủy ban ",
    "Kính gửi: ",
    "Nơi nhận: ",
    "a@a.",
    "Điện thoại: 0 ",
    "hạn chót ",
    "A, ngày ",
    "TP. ",
    ".",
    "…",
    "- ",
    "1. ",
)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_is_repeated_without_end_costs_no_more_than_its_length(word: str) -> None:
    line = word * (18_000 // len(word))
    letter = letter_of(DISTRICT.replace("2. Chủ động", f"{line}\n2. {line}\n{line}\n2. Chủ động"))
    assert letter.number.value is None
