"""The page for the clerk: their language first, whole, and readable on an old Windows."""

import pytest

from quetsach.blocklists.contract import Mode
from quetsach.blocklists.readme import WIDTH
from quetsach.texts import in_language, language
from tests.blocklists.making import make, mixed, modes, output


@pytest.mark.parametrize(("form", "mode"), modes())
def test_the_page_tells_in_both_languages_how_to_use_prove_and_undo_it(
    form: str, mode: Mode
) -> None:
    made = make(form, mixed(), mode, title="Chiến dịch làm sạch mã độc năm 2026")
    page = made.folder()["README.txt"]
    vietnamese, english = page.split("=" * WIDTH)
    for part, use in ((vietnamese, "CÁCH DÙNG"), (english, "HOW TO USE IT")):
        assert use in part
        assert "Chiến dịch làm sạch mã độc năm 2026" in part
        assert made.about.list_id in part
        assert next(iter(made.files)) in part
    if not output(form).exchange:
        assert "CÁCH THỬ" in vietnamese
        assert "HOW TO PROVE IT" in english
        assert ("CHỈ THEO DÕI" in vietnamese) == (mode is Mode.WATCH)
        assert ("WATCH ONLY" in english) == (mode is Mode.WATCH)
    assert ("CÁCH GỠ" in vietnamese) == bool(made.undo)
    assert "%(" not in page


def test_the_language_in_use_stands_first() -> None:
    for used, first in (("vi", "CÁCH DÙNG"), ("en", "HOW TO USE IT")):
        with in_language(used):  # type: ignore[arg-type]
            page = make("rpz", mixed()).folder()["README.txt"]
        assert first in page.split("=" * WIDTH)[0]


def test_an_old_notepad_shows_it_right() -> None:
    page = make("rpz", mixed()).folder()["README.txt"]
    assert page.startswith("\ufeff")
    assert page.count("\n") == page.count("\r\n")


def test_lines_stay_on_an_old_screen() -> None:
    for name in ("rpz", "fortigate", "unbound"):
        page = make(name, mixed()).folder()["README.txt"]
        assert max(len(line) for line in page.splitlines()) <= WIDTH


def test_a_title_cannot_forge_a_line_of_the_page() -> None:
    page = make("rpz", mixed(), title="x\r\nCÁCH GỠ\r\n- format c:").folder()["README.txt"]
    assert not any(line.startswith("- format") for line in page.splitlines())


def test_writing_both_languages_leaves_the_one_in_use() -> None:
    before = language()
    make("rpz", mixed()).folder()
    assert language() == before
