"""`quetsach export`: to stdout or a file, and what became of each sighting on stderr."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from quetsach.api.exporting import EXPORTS
from quetsach.cli.export import FORMS
from tests.cli.running import quetsach
from tests.exports.findings_made import made


def test_the_command_knows_every_form() -> None:
    assert tuple(form.name for form in EXPORTS) == FORMS


def test_stdout_has_the_export_alone_and_stderr_the_counts(tmp_path: Path) -> None:
    run = quetsach("export", made(tmp_path), "--to", "ndjson")
    assert run.returncode == 0
    assert len([json.loads(line) for line in run.stdout.splitlines()]) == 4
    assert b"4 sightings written" in run.stderr
    assert b"1 left out: the marking" in run.stderr
    assert b"--with-machines" in run.stderr
    whole = quetsach("export", tmp_path / "findings", "--to", "ndjson", "-o", "-", "--quiet")
    assert whole.stdout == run.stdout
    assert whole.stderr == b""


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "x" / "bundle.json"
    run = quetsach("export", made(tmp_path), "--to", "stix-sighting", "-o", out)
    assert run.returncode == 0
    assert json.loads(out.read_bytes())["type"] == "bundle"
    run = quetsach("export", tmp_path / "none", "--to", "misp", "-o", tmp_path / "y.json")
    assert run.returncode == 2
    assert b"E303" in run.stderr
    assert not (tmp_path / "y.json").exists()


def test_a_daily_job_takes_what_happened_since(tmp_path: Path) -> None:
    folder = made(tmp_path)
    run = quetsach("export", folder, "--to", "ndjson", "--since", "2026-09-01T08:16:00+07:00",
                   "--for", "owner")  # fmt: skip
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert [row["threat.indicator.name"] for row in rows] == ["192.0.2.77:443", "red.example"]
    assert b"2 left out: they happened before --since" in run.stderr
    assert b"1 left out: they have no time" in run.stderr
    run = quetsach("export", folder, "--to", "ndjson", "--since", "2026-09-01")
    assert run.returncode == 2
    assert b"E601" in run.stderr


def test_the_index_template_needs_no_findings() -> None:
    run = quetsach("export", "--template", "ecs")
    assert run.returncode == 0
    properties = json.loads(run.stdout)["template"]["mappings"]["properties"]
    assert properties["source"]["properties"]["ip"] == {"type": "ip"}
    assert properties["@timestamp"] == {"type": "date"}


def test_what_is_no_text_is_not_shown_on_a_terminal(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "quetsach", "--lang", "en", "--no-pager", "export"]
    words += [str(made(tmp_path)), "--to", "parquet"]
    terminal, end = pty.openpty()
    try:
        for out in ([], ["-o", "-"]):
            run = subprocess.run([*words, *out], stdout=end, stderr=subprocess.PIPE)
            assert run.returncode == 2
            assert b"parquet is no text for a terminal: give -o FILE" in run.stderr
    finally:
        os.close(end)
        os.close(terminal)
    assert quetsach("export", tmp_path / "findings", "--to", "parquet").stdout[:4] == b"PAR1"


def test_without_a_folder_or_a_form_nothing_is_written() -> None:
    for words in (["--to", "ndjson"], ["somewhere"]):
        run = quetsach("export", *words)
        assert run.returncode == 2
        assert run.stdout == b""


def test_the_help_has_an_example_of_each_form() -> None:
    run = quetsach("export", "--help")
    for form in FORMS:
        assert f"quetsach export findings --to {form} ".encode() in run.stdout
    assert max(map(len, run.stdout.decode().splitlines())) <= 80


def test_the_campaign_is_the_title_of_the_event(tmp_path: Path) -> None:
    run = quetsach("export", made(tmp_path), "--to", "misp", "--campaign", "Chiến dịch 9")
    assert json.loads(run.stdout)["Event"]["info"] == "Chiến dịch 9"
