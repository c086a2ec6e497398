"""The PowerShell script: it parses, and uses nothing that Windows 7 with PowerShell 2.0 lacks.

No PowerShell can be had where these tests run, so the script itself is not run by them. What it
writes is rebuilt in test_windows_zip.py.
"""

import re
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "collect/quetsach-collect.ps1"
RAW = SCRIPT.read_bytes()
TEXT = RAW.decode("utf-8-sig")
# Code alone: words in comments are no commands.
CODE = re.sub(r"(?m)^\s*#.*$", "", TEXT)

# Each came with PowerShell 3.0 or later; source: "What's New in Windows PowerShell", 3.0 to 5.1.
NEWER = (
    r"\[ordered\]", r"\[pscustomobject\]", r"::new\(", r"ConvertTo-Json\b", r"ConvertFrom-Json",
    r"\s-(?:not)?in\b", r"\s-sh[lr]\b", r"Get-Cim", r"Invoke-Cim", r"\$PSScriptRoot",
    r"\$PSItem", r"-Raw\b", r"\.ForEach\(", r"\.Where\(", r"Compress-Archive", r"Get-FileHash",
    r"(?:Where|ForEach)-Object\s+[A-Za-z]", r"#requires", r"^\s*class\s", r"^\s*enum\s", r"\?\.",
    r"\?\?", r"&&", r"\|\|", r"Export-Csv[^|\r\n]*-Append", r"Get-ChildItem[^|\r\n]*-File",
    r"IO\.Compression", r"@\w+\s*=\s*\$using:", r"Get-ScheduledTask", r"Get-NetNeighbor",
)  # fmt: skip
SENDS = r"Net\.WebClient|Invoke-|BitsTransfer|Net\.Sockets|HttpWeb|Send-Mail|Start-Process|https?:"
# Found on Windows 8 and later only, and asked for by Get-Command before.
GUARDED = ("Get-NetTCPConnection", "Get-DnsClientCache")


@pytest.mark.parametrize("pattern", NEWER)
def test_nothing_newer_than_powershell_2_is_used(pattern: str) -> None:
    assert re.findall(pattern, CODE, re.IGNORECASE | re.MULTILINE) == []


@pytest.mark.parametrize("command", GUARDED)
def test_what_old_windows_lacks_is_asked_for_before(command: str) -> None:
    assert f"if (Get-Command {command} -ErrorAction SilentlyContinue)" in CODE
    used = [place.start() for place in re.finditer(rf"in {command}\b", CODE)]
    assert len(used) == 1


def test_it_names_no_way_to_send_anything() -> None:
    assert re.findall(SENDS, CODE, re.IGNORECASE) == []


def test_old_powershell_reads_its_accents() -> None:
    assert RAW.startswith(b"\xef\xbb\xbf")
    assert RAW.count(b"\n") == RAW.count(b"\r\n")


def test_numbers_that_are_too_great_for_32_bits_are_written_in_ten_digits() -> None:
    """0xFFFFFFFF is -1 in PowerShell."""
    assert re.findall(r"0x[0-9A-Fa-f]{8}", CODE) == []


def test_it_parses() -> None:
    language = pytest.importorskip("tree_sitter_powershell", reason="no parser of PowerShell here")
    sitter = pytest.importorskip("tree_sitter")
    tree = sitter.Parser(sitter.Language(language.language())).parse(TEXT.encode())
    assert errors(tree.root_node) == []
    broken = sitter.Parser(sitter.Language(language.language())).parse(TEXT.encode()[:-400] + b"{(")
    assert errors(broken.root_node) != []


def errors(node: Any) -> list[str]:
    """Return where the parser stumbled."""
    own = [f"line {node.start_point[0] + 1}"] if node.type == "ERROR" or node.is_missing else []
    return own + [one for child in node.children for one in errors(child)]


def test_every_function_that_is_called_is_defined_or_known() -> None:
    defined = set(re.findall(r"(?m)^function ([\w-]+)", CODE))
    known = {
        *("Get-Date", "Get-WmiObject", "Get-Process", "Get-Service", "Get-Command", "Get-Item"),
        *("Get-ItemProperty", "Test-Path", "Split-Path", "Join-Path", "New-Object", "Write-Host"),
        *("Where-Object", "ForEach-Object", *GUARDED),
    }
    strings = re.sub(r"'[^'\r\n]*'|\"[^\"\r\n]*\"", "''", CODE)
    called = set(re.findall(r"(?<![\w'\\.-])([A-Z][A-Za-z]+-[A-Z]\w+)", strings))
    assert called <= defined | known
    assert defined <= called
