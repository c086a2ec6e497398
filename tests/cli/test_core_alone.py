"""Every command of the core works without any extra, and the others name theirs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.cli.main import COMMANDS
from tests.cli.running import environment

PROGRAM = Path(__file__).with_name("core_alone.py")
SAMPLES = Path(__file__).parents[1] / "formats/samples"
LINE = "Sep 18 10:00:01 dnsmasq[7]: query[A] bad.example from 192.168.1.5\n"


def alone(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(PROGRAM), *map(str, words)],
        capture_output=True,
        cwd=cwd,
        env=environment() | {"PYTHONPATH": f"{PROGRAM.parents[2] / 'src'}"},
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("core")
    (folder / "dnsmasq.log").write_text(LINE)
    (folder / "list.txt").write_text("bad.example\none.one.one.one\n")
    ended = alone("sweep", "dnsmasq.log", "-i", "list.txt", "-o", "findings", cwd=folder)
    assert ended.returncode in (1, 3), ended.stderr.decode()
    # What cannot be asked is said.
    assert b"E275 pymispwarninglists" in ended.stderr
    return folder


def test_a_sweep_says_which_lists_it_could_not_ask(swept: Path) -> None:
    coverage = json.loads((swept / "findings/coverage.json").read_bytes())
    assert coverage["unasked_lists"] == ["benign-file", "top-million"]


@pytest.mark.parametrize(
    "words",
    [
        ("export", "findings", "--to", "ndjson", "-o", "out.ndjson"),
        ("verdict", "findings"),
        ("ledger", "findings"),
        ("indicators", "check", "list.txt"),
        ("indicators", "convert", "list.txt", "--to", "unbound", "-o", "out"),
        ("indicators", "compile", "list.txt", "-o", "list.compiled"),
        ("card", "findings", "--html"),
        ("doctor", "--json"),
        ("formats",),
        ("demo", "--out", "demo", "--size", "small"),
    ],
)
def test_a_command_of_the_core_does_its_work(swept: Path, words: tuple[str, ...]) -> None:
    ended = alone(*words, cwd=swept)
    assert ended.returncode in (0, 1, 3), ended.stderr.decode()
    assert b"E603" not in ended.stderr
    assert b"E614" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (("card", "findings"), "pdf"),
        (("report", "findings", "--form", "phu-luc-2022", "--unit", "X"), "pdf"),
        (("avreport", "read", "list.txt"), "documents"),
    ],
)
def test_a_command_that_needs_an_extra_names_it(
    swept: Path, words: tuple[str, ...], extra: str
) -> None:
    ended = alone(*words, cwd=swept)
    assert ended.returncode == 2
    assert f"pip install 'quetsach[{extra}]'".encode() in ended.stderr, ended.stderr.decode()


@pytest.mark.parametrize("words", [("serve",), ("manage", "migrate")])
def test_the_portal_is_never_to_be_fetched_by_its_name(swept: Path, words: tuple[str, ...]) -> None:
    ended = alone(*words, cwd=swept)
    assert ended.returncode == 2
    assert b"E615" in ended.stderr
    assert b"pip install . ./portal" in ended.stderr
    # No public index has it: whoever takes its name there could send anything.
    told = json.loads(alone("--lang", "en", "doctor", "--json", cwd=swept).stdout)
    (portal,) = (row["todo"] for row in told if row["what"] == "the portal")
    for said in (portal, ended.stderr.decode()):
        assert "quetsach[portal]" not in said


def test_the_help_of_every_command_needs_no_extra(swept: Path) -> None:
    words = "; ".join(
        f"_build().main(['{name}', '--help'], standalone_mode=False)" for name, *_ in COMMANDS
    )
    script = (
        f"from tests.cli.core_alone import hide_extras; hide_extras(); "
        f"from quetsach.cli.main import _build; {words}"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        cwd=PROGRAM.parents[2],
        env=environment() | {"PYTHONPATH": "src:."},
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
