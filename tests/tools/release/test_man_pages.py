"""Man pages: one for each command, in both languages, that man can show and find."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from quetsach.cli.main import COMMANDS
from tools.release.man_pages import ManPage, escaped, pages, paragraphs
from tools.supply.parts import ROOT


@pytest.fixture(scope="module", params=["en", "vi"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("man") / request.param
    # Help texts have the language of the process that imports them.
    subprocess.run(
        [sys.executable, "-m", "tools.release.man_pages", request.param, str(folder)],
        cwd=ROOT,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
        check=True,
        capture_output=True,
    )
    return folder


def test_every_command_has_its_page_with_the_day_of_the_release(written: Path) -> None:
    names = {path.name for path in written.iterdir()}
    assert names >= {"quetsach.1", *(f"quetsach-{name}.1" for name, _module, _help in COMMANDS)}
    assert "quetsach-indicators-sign.1" in names
    heading = (written / "quetsach.1").read_text("utf-8").splitlines()[0]
    assert '"2023-11-14"' in heading


def test_pages_speak_their_language(written: Path) -> None:
    text = (written / "quetsach.1").read_text("utf-8")
    assert ("Tìm các máy" in text) == (written.name == "vi")
    assert ("Find the machines" in text) == (written.name == "en")
    assert (".SH TÊN" in text) == (written.name == "vi")


def test_pages_that_are_named_are_there(written: Path) -> None:
    for page in written.iterdir():
        for line in page.read_text("utf-8").splitlines():
            if line.startswith(".BR "):
                assert (written / f"{line.split()[1]}.1".replace("\\-", "-")).is_file(), page.name


def test_mandoc_finds_nothing_wrong(written: Path) -> None:
    if shutil.which("mandoc") is None:
        pytest.skip("no mandoc here")
    ended = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", *map(str, written.iterdir())],
        capture_output=True,
        text=True,
    )
    assert ended.stdout == ""


def requests(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith((".", "'")):
            yield line.split()[0]


@click.command(help=".hidden \\fBtext\n\n\b\n  as it\n  'stands\n\nEnd-of it.")
@click.argument("evidence")
@click.option("--out", "-o", help="Where.\n\nMore.")
@click.option("--secret", hidden=True, help="Not shown.")
def hostile(**_values: object) -> None:
    pass


def test_no_text_becomes_a_request_or_an_escape() -> None:
    [page] = pages(hostile, "hostile", "en")
    assert isinstance(page, ManPage)
    known = {".TH", ".SH", ".B", ".PP", ".TP", ".nf", ".fi", ".BR"}
    assert set(requests(page.text)) <= known
    assert "\\&.hidden \\efBtext" in page.text
    assert "Not shown" not in page.text
    assert "\\fB\\-o, \\-\\-out TEXT\\fR\nWhere. More." in page.text


def test_dashes_are_those_that_a_reader_can_copy() -> None:
    assert escaped("--lang vi\n.x") == "\\-\\-lang vi\n\\&.x"
    assert list(paragraphs("one\ntwo\n\n\b\n a\n b")) == [
        "one two",
        ".PP",
        ".nf",
        " a",
        " b",
        ".fi",
    ]
