"""The example package, built and installed as anybody's: its log, list and outputs work."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parent / "example_package"
GATE = (
    "@1788225322|10.20.3.41>203.0.113.77:443|bad.example|pass\n"
    "@1788225330|10.20.3.42>203.0.113.78:443|good.example|pass\n"
    "@1788225340|10.20.3.43>203.0.113.77:443|bad.example|stop\n"
)
NAMES = (
    "acmens 2026-09-01T08:15:22+07:00 10.20.3.44 asks bad.example A\n"
    "acmens 2026-09-01T08:15:23+07:00 10.20.3.45 asks good.example A\n"
)
LIST = "%ACME-LIST 1\n1 bad.example\n2? guess.example\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the package as it is installed."""
    place = tmp_path_factory.mktemp("installed")
    source = place / "source"
    # A build leaves its folders beside the source.
    subprocess.run(["cp", "-r", str(EXAMPLE), str(source)], check=True)
    # An environment that uv made has no pip.
    pip = (sys.executable, "-m", "pip", "--isolated", "install", "--no-index")
    uv = (
        str(Path(sys.executable).with_name("uv")),
        "pip",
        "install",
        "--offline",
        "--python",
        sys.executable,
    )
    subprocess.run(
        [
            *(uv if find_spec("pip") is None else pip),
            *("--quiet", "--no-deps", "--no-build-isolation", "--target", str(place / "target")),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return place / "target"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with logs of the gate and the name server, and a list of Acme."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "gate.log").write_text(GATE)
    (logs / "names.log").write_text(NAMES)
    (tmp_path / "list.acme").write_text(LIST)
    return tmp_path


def quetsach(
    home: Path, target: Path | None, *words: str, more: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "QUETSACH_LANG": "en", "LANG": "C.UTF-8", **(more or {})}
    if target is not None:
        environment["PYTHONPATH"] = str(target)
    return subprocess.run(
        [sys.executable, "-m", "quetsach", "--lang", "en", *words],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def swept(home: Path, target: Path | None, *words: str, **more: Any) -> dict[str, Any]:
    out = ("-o", "findings", "--json", *words)
    answer = quetsach(home, target, "sweep", "logs", "-i", "list.acme", *out, **more)
    assert answer.returncode in (0, 1, 3), answer.stderr
    return {**json.loads(answer.stdout), "exit": answer.returncode}


def test_its_log_dialect_and_list_are_read_by_several_workers(home: Path, installed: Path) -> None:
    summary = swept(home, installed, "--workers", "2")
    assert {one["device"] for one in summary["devices"]} == {
        "10.20.3.41",
        "10.20.3.43",
        "10.20.3.44",
    }
    assert summary["unread"] == []
    assert (summary["exit"], summary["set_aside_rows"]) == (1, {"not-for-detection": 1})
    manifest = json.loads((home / "findings" / "manifest.json").read_text())
    package = {"package": "quetsach-acme", "version": "1.0"}
    assert manifest["plugins"] == [
        {
            "group": "quetsach.formats",
            "name": "acme-gate",
            **package,
            "read": ["logs/gate.log"],
            "count": 1,
        },
        {
            "group": "quetsach.dialects",
            "name": "acme-dns",
            **package,
            "read": ["logs/names.log"],
            "count": 1,
        },
        {
            "group": "quetsach.list_forms",
            "name": "acme-list",
            **package,
            "read": ["list.acme"],
            "count": 1,
        },
    ]


def test_without_it_its_log_is_of_unknown_form_and_said_to_be(home: Path, installed: Path) -> None:
    (home / "list.acme").write_text("bad.example\n")
    summary = swept(home, installed, more={"QUETSACH_PLUGINS": "off"})
    assert summary["exit"] == 3
    assert {one["code"] for one in summary["unread"]} == {"E125"}
    assert summary["devices"] == []
    assert "plugins" not in json.loads((home / "findings" / "manifest.json").read_text())


def test_its_output_and_export_are_written(home: Path, installed: Path) -> None:
    swept(home, installed)
    box = quetsach(home, installed, "indicators", "convert", "list.acme", "--to", "acme-box")
    assert "note bad.example" in box.stdout.splitlines()
    lines = quetsach(home, installed, "export", "findings", "--to", "acme-lines", "--quiet")
    assert lines.stdout.count("bad.example|") == 3
    assert "10.20.3.41" not in lines.stdout
    misspelt = quetsach(home, installed, "export", "findings", "--to", "acme-line")
    assert misspelt.returncode == 2
    assert "acme-lines" in misspelt.stderr
    refused = quetsach(home, None, "export", "findings", "--to", "acme-lines")
    assert refused.returncode == 2
    assert "acme-lines" in refused.stderr


def test_doctor_and_formats_name_package_and_version(home: Path, installed: Path) -> None:
    doctor = quetsach(home, installed, "doctor").stdout
    for name in ("formats acme-gate", "dialects acme-dns", "list_forms acme-list"):
        assert f"quetsach.{name}: quetsach-acme 1.0" in doctor
    rows = json.loads(quetsach(home, installed, "formats", "--json").stdout)
    assert [(row["name"], row["version"]) for row in rows if "package" in row] == [
        ("acme-gate", "1.0"),
        ("acme-dns", "1.0"),
    ]


def test_the_library_sweeps_and_the_sandbox_reads_with_it(home: Path, installed: Path) -> None:
    program = """
import quetsach
from quetsach.sandbox.contract import SandboxLimits
from quetsach.sandbox.run import run
print(sorted(one["device"] for one in quetsach.sweep("logs", "list.acme").devices))
print(quetsach.parse(open("logs/gate.log").read()).format)
limits = SandboxLimits(memory=1 << 30, seconds=60, answer=1 << 20)
print(run("plugins_in_sandbox:name_of", open("logs/gate.log", "rb").read(), limits=limits).decode())
"""
    (installed / "plugins_in_sandbox.py").write_text(
        "from quetsach.formats.registry import recognise\n"
        "def name_of(payload, report):\n    return recognise(payload).name.encode()\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines() == [
        "['10.20.3.41', '10.20.3.43', '10.20.3.44']",
        "acme-gate",
        "acme-gate",
    ]
