"""Suricata rules: the form of the manual, numbers of their own, names met as their rules say."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from quetsach.blocklists.contract import Mode
from tests.blocklists.loading import written
from tests.blocklists.making import (
    EXACT,
    SURICATA_RULE,
    indicators,
    make,
    mixed,
)


def test_each_suricata_rule_has_the_form_of_the_manual_and_its_own_number() -> None:
    for form in ("suricata-rules", "suricata-dataset", "suricata-iprep"):
        for mode in Mode:
            made = make(form, mixed(), mode, first_sid=5_000_000, number=3)
            lines = [
                line
                for name, text in made.files.items()
                if name.endswith(".rules")
                for line in text.splitlines()
                if not line.startswith("#")
            ]
            assert lines
            assert all(SURICATA_RULE.fullmatch(line) for line in lines), lines
            verb = "drop" if mode is Mode.BLOCK else "alert"
            assert all(line.startswith(f"{verb} ") for line in lines)
            numbers = [int(found) for line in lines for found in re.findall(r"sid:(\d+)", line)]
            assert numbers == list(range(5_000_000, 5_000_000 + len(lines)))
            assert all("rev:3;" in line for line in lines)
            # http.host is in lower case already, and Suricata refuses a rule that says nocase.
            assert not any("http.host" in line and "nocase" in line for line in lines)


def test_suricata_meets_names_as_their_rules_say() -> None:
    made = make("suricata-rules", indicators("bad.example", exact=(EXACT,)))
    text = made.files["quetsach.rules"]
    assert 'dns.query; dotprefix; content:".bad.example"; endswith; nocase;' in text
    assert f'dns.query; content:"{EXACT}"; startswith; endswith; nocase;' in text
    assert f'dotprefix; content:".{EXACT}"' not in text


def test_suricata_loads_rules_datasets_and_reputation(tmp_path: Path) -> None:
    suricata = shutil.which("suricata")
    if suricata is None:
        pytest.skip(
            "suricata is not installed (no package in Debian 12): NOT loaded by the real one"
        )
    for form in ("suricata-rules", "suricata-dataset"):
        folder = tmp_path / form
        folder.mkdir()
        made = make(form, mixed())
        written(dict(made.files), folder)
        (rules,) = folder.glob("*.rules")
        done = subprocess.run(
            [suricata, "-T", "-S", rules, "-l", folder], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
