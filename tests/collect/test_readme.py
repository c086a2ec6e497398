"""The page says what the scripts take: each file they write is named there."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "collect"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
SCRIPTS = ("quetsach-collect.cmd", "quetsach-collect.ps1", "quetsach-collect.sh")


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_file_of_a_script_is_named(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8-sig")
    written = set(
        re.findall(r"(?:Add-Taken '|^take |call :head \w+ )(\w+\.\w+)", text, re.MULTILINE)
    )
    assert len(written) >= 8
    assert written <= set(re.findall(r"`([\w.]+)`", README))


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("word", ["documents", "browsing history", "passwords"])
def test_each_script_says_what_it_leaves_out_in_its_head_and_in_its_manifest(
    name: str, word: str
) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8-sig")
    assert word in text[:1500].replace("\r\n# ", " ").replace("\r\nrem ", " ")
    assert word in text.partition('"left_out"')[2]


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_says_on_the_screen_that_nothing_was_sent(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8-sig")
    assert re.search(r"(?:echo|Write-Host).*(?:không gửi đi đâu|Khong gui di dau)", text)
