"""Each English page says for whom it is, and where the reader goes on."""

import re
from pathlib import Path

import pytest

from tests.docs.examples import ROOT
from tools.pages.readers import READERS, with_readers

DOCS = ROOT / "docs"
WITHOUT = {
    "README.md": "it leads to all pages",
    "requirements.md": "an index for developers, which tests read",
}
PAGES = sorted(
    path.relative_to(DOCS).as_posix()
    for path in (*DOCS.glob("*.md"), *(DOCS / "explanations").glob("*.md"))
    if path.name not in WITHOUT
)
NEXT = re.compile(r"^Next: .*\]\([^)]+\)", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_for_whom_it_is_and_what_comes_next(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    assert re.search(r"^For [A-Za-z].*[.:]", "\n".join(text.splitlines()[:8]), re.MULTILINE), page
    assert NEXT.search("\n".join(text.splitlines()[-4:])), page


@pytest.mark.parametrize("page", sorted(DOCS.glob("tutorials/*.md")), ids=lambda path: path.stem)
def test_a_tutorial_says_what_is_needed_and_what_comes_next(page: Path) -> None:
    text = page.read_text("utf-8")
    assert re.match(r"# .+\n\nYou ", text)
    assert NEXT.search("\n".join(text.splitlines()[-6:]))


@pytest.mark.parametrize("page", sorted(DOCS.glob("how-to/[a-z]*.md")), ids=lambda path: path.stem)
def test_a_how_to_ends_with_where_the_details_stand(page: Path) -> None:
    end = "\n".join(page.read_text("utf-8").splitlines()[-4:])
    assert re.search(r"^Details: .*\]\([^)]+\)", end, re.MULTILINE), page.name


def test_the_readers_of_generated_pages_are_those_of_pages_that_are_there() -> None:
    assert [name for name in READERS if not (DOCS / name).is_file()] == []
    with pytest.raises(ValueError, match=r"cli\.md"):
        with_readers("cli.md", "# A page that people write\n")
