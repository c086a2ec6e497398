"""A letter carries the annexes that it names: the sheet of a list, and no loose reference."""

from dataclasses import replace

import pytest

from quetsach.api.letters import ListFacts, list_annex
from quetsach.documents.letters.annexes import MissingAnnex, missing_annexes
from quetsach.documents.letters.files import letter_files
from quetsach.documents.letters.letter import OfficialLetter
from quetsach.signing.printed import groups_of, spoken_of, words_of
from tests.documents.letters import passage, pdf_pages, usual, word_text
from tests.documents.sheets import code_on
from tests.oracles import qr

DIGEST = "5e" * 31 + "07"
LIST = list_annex(ListFacts("Danh sách đợt 1", DIGEST, 1131, {"name": 1000, "address": 131}))
FORM = replace(LIST, title="Báo cáo kết quả")


def saying(*texts: str, annexes: int = 0) -> OfficialLetter:
    letter = usual()
    body = tuple(passage(text) for text in texts)
    attached = (LIST, FORM)[:annexes]
    return replace(letter, text=replace(letter.text, body=body), annexes=attached)


def test_the_sheet_of_a_list_has_digest_digits_words_and_the_whole_digest_in_its_code() -> None:
    letter = saying("Rà soát theo Phụ lục đính kèm.", annexes=1)
    written = letter_files(letter)
    pages = pdf_pages(written.pdf)
    for text in (pages[-1], word_text(written.docx)):
        close = "".join(text.split())
        assert "".join(spoken_of(DIGEST)) in close
        assert "".join(groups_of(DIGEST)) in close
        assert "".join(words_of(DIGEST)) in close
        assert "1.131(131địachỉIP,1.000tênmiền)" in close
    assert qr.read(code_on(written.pdf, len(pages) - 1)) == f"sha256:{DIGEST}"


@pytest.mark.parametrize(
    ("text", "annexes", "missing"),
    [
        ("theo Phụ lục đính kèm.", 0, ["Phụ lục"]),
        ("theo Phụ lục đính kèm.", 1, []),
        ("theo Phụ lục II đính kèm.", 1, ["Phụ lục II"]),
        ("theo Phụ lục II đính kèm.", 2, []),
        ("theo phụ lục 3.", 2, ["phụ lục 3"]),
        ("theo Phụ lục đính kèm.", 2, ["Phụ lục"]),
        ("theo Phụ lục ban hành kèm theo văn bản nêu trên.", 0, []),
        ("theo Phụ lục I ban hành kèm theo Nghị định số 30/2020/NĐ-CP.", 0, []),
        ("theo danh mục gửi kèm.", 0, ["danh mục gửi kèm"]),
        ("theo danh sách địa chỉ độc hại đính kèm.", 1, []),
        ("theo biểu mẫu kèm theo.", 0, ["biểu mẫu kèm theo"]),
        ("Không có gì.", 0, []),
    ],
)
def test_a_named_annex_that_is_not_there_is_found_with_its_words(text, annexes, missing) -> None:
    found = missing_annexes(saying("Kính gửi.", text, annexes=annexes))
    assert found == tuple(MissingAnnex(2, said) for said in missing)


def test_addresses_lose_the_brackets_that_mail_programs_write() -> None:
    text = "theo địa chỉ: <https://khonggianmang.example/chiendich>, hỏi <a@xa.example>; 1 < 2 > 0"
    pages = pdf_pages(letter_files(saying(text)).pdf)
    close = "".join(" ".join(pages).replace("\u200b", "").split())
    assert "<http" not in close
    assert "https://khonggianmang.example/chiendich,hỏia@xa.example;1<2>0" in close
