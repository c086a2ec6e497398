"""The help of each command ends with a page that is there, in the language of the help."""

from pathlib import Path

import pytest

from quetsach.cli.help_pages import OTHERS, PAGES, more_on
from quetsach.cli.main import COMMANDS
from quetsach.texts import in_language
from tests.cli.running import quetsach

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", [*PAGES, "another"])
def test_the_page_of_a_command_is_there(name: str) -> None:
    page = PAGES.get(name, OTHERS)
    assert (DOCS / page).is_file()
    assert (DOCS / "vi" / page).is_file()


def test_pages_are_those_of_commands() -> None:
    assert set(PAGES) <= {name for name, _target, _help in COMMANDS}


def test_the_line_speaks_the_language_in_use() -> None:
    with in_language("en"):
        assert more_on("trace") == "More: docs/trace.md"
    with in_language("vi"):
        assert more_on("trace") == "Xem thêm: docs/vi/trace.md"


@pytest.mark.parametrize(
    ("words", "page"),
    [
        (["trace"], "docs/trace.md"),
        (["indicators", "check"], "docs/how-to/check-a-list.md"),
        (["ledger"], "docs/cli.md"),
    ],
)
def test_the_help_ends_with_the_page(words: list[str], page: str) -> None:
    shown = quetsach("--lang", "en", *words, "--help").stdout.decode()
    assert shown.rstrip().endswith(f"More: {page}")
