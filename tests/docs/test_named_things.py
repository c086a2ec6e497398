"""Files, make targets, variables and codes that a page names are there."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from quetsach.errors.exceptions import CATALOGUE
from tests.docs.examples import ROOT
from tests.docs.test_commands import pages

FOLDERS = ("src", "tests", "tools", "bench", "docs", "collect", "deploy", "requirements")
BESIDE = (
    *(ROOT, ROOT / "src", ROOT / "docs"),
    *(ROOT / "src" / package for package in ("quetsach", "quetsach_portal", "quetsach_public")),
)
MADE_UP = {
    "CONTRIBUTING.md": {
        "src/quetsach/formats/dialects/shipped/acmewall.toml",
        "tests/formats/samples/acmewall/sessions.log",
    },
    "plugins.md": {"src/quetsach_acme", "src/quetsach_acme/acme-dns.toml"},
}
"""What an example of the page makes."""


def named_files(text: str) -> Iterator[str]:
    """Yield what stands in code and looks like a file of the source."""
    for name in re.findall(r"`([\w.-]+(?:/[\w.-]+)+)(?:::\w+)?`", text):
        first, last = name.split("/")[0], name.rpartition("/")[2]
        if first in FOLDERS or (last.endswith(".py") and "." not in first):
            yield name


@cache
def source() -> str:
    """Return the text of all that may read a variable."""
    places = ("src", "tools", "kernel", "deploy", "collect", "tests")
    endings = {".py", ".sh", ".rs", ".toml", ".service", ".cmd"}
    files = [path for place in places for path in (ROOT / place).rglob("*")]
    texts = (path.read_text("utf-8", "replace") for path in files if path.suffix in endings)
    return "\n".join((*texts, (ROOT / "Makefile").read_text("utf-8")))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    files = set(named_files(text)) - MADE_UP.get(page.name, set())
    assert [name for name in files if not any((at / name).exists() for at in BESIDE)] == []
    targets = set(re.findall(r"`make ([a-z][a-z-]+)", text))
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert targets - made == set()
    variables = set(re.findall(r"\bQUETSACH_[A-Z_]*[A-Z]\b", text))
    assert [name for name in variables if name not in source()] == []
    assert set(re.findall(r"\bE\d{3}\b", text)) - set(CATALOGUE) == set()


def test_what_looks_like_a_file_of_the_source_is_seen() -> None:
    text = "`tests/x/test_y.py::test_z`, `formats/a.py`, `exam/result.html`, `/etc/a.toml`, `a/b`"
    assert list(named_files(text)) == ["tests/x/test_y.py", "formats/a.py"]
