"""The wheels: the same bytes wherever they are built, each with its Vietnamese texts."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.compare_wheels import differences, main
from tools.release.wheel_checks import CATALOGUES

ROOT = Path(__file__).parents[2]
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "src", "collect", "tools", "portal")
PACKAGES = {"quetsach": {"quetsach"}, "quetsach-portal": {"quetsach_portal", "quetsach_public"}}


def tree(folder: Path) -> Path:
    """Copy what a wheel is built of, without what was compiled here."""
    folder.mkdir(parents=True)
    without = shutil.ignore_patterns("__pycache__", "*.mo")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=without)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def build(folder: Path, umask: int, **environment: str) -> Path:
    """Build both wheels by their backends, as `pip install` and `make wheels` do."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", "wheels"]
    ended = subprocess.run(
        [*command, ".", "./portal"],
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000", **environment},
        umask=umask,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return folder / "wheels"


def test_two_builds_are_the_same_bytes_and_speak_vietnamese(tmp_path: Path) -> None:
    first = build(tree(tmp_path / "a"), 0o022, LC_ALL="C", TZ="UTC", PYTHONHASHSEED="1")
    other = tree(tmp_path / "another" / "place")
    for path in other.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    second = build(other, 0o077, LC_ALL="C.UTF-8", TZ="Asia/Ho_Chi_Minh", PYTHONHASHSEED="2")
    assert list(differences(first, second)) == []
    assert main([str(first), str(second)]) == 0
    for project, packages in PACKAGES.items():
        wheel = next(first.glob(f"{project.replace('-', '_')}-0*.whl"))
        with zipfile.ZipFile(wheel) as packed:
            names = packed.namelist()
            packed.extractall(tmp_path / "installed")
        folders = {name.partition("/")[0] for name in names}
        assert {name for name in folders if not name.endswith(".dist-info")} == packages
        assert CATALOGUES[project] in names
        assert any(name.endswith("dist-info/licenses/NOTICE") for name in names)
        assert not [name for name in names if name.endswith((".po", ".pyc"))]
    assert len(list(first.glob("*.whl"))) == len(PACKAGES)
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from quetsach.cli.main import main; main()",
            "--lang",
            "vi",
            "--help",
        ],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "Quét sạch" in said.stdout or "lệnh" in said.stdout.casefold(), said.stdout + said.stderr


def test_a_fault_in_the_texts_stops_the_build(tmp_path: Path) -> None:
    folder = tree(tmp_path / "a")
    part = next((folder / "src/quetsach/locale/vi").glob("*.po"))
    part.write_text(part.read_text("utf-8") + '\nmsgid "A text of nobody"\nmsgstr ""\n', "utf-8")
    with pytest.raises(AssertionError, match="not translated: 'A text of nobody'"):
        build(folder, 0o022)


def packed_wheel(folder: Path, **members: str) -> Path:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "w.whl", "w") as wheel:
        for name, content in members.items():
            wheel.writestr(zipfile.ZipInfo(name), content)
    return folder


def test_what_differs_between_two_wheels_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = packed_wheel(tmp_path / "1", same="x", changed="1", lost="")
    second = packed_wheel(tmp_path / "2", same="x", changed="2")
    (second / "more.whl").write_bytes(b"")
    assert list(differences(first, second)) == [
        "more.whl: only one build made it",
        "w.whl: differs in changed, lost",
    ]
    assert main([str(first), str(second)]) == 1
    assert "same:" not in capsys.readouterr().out
    empty = tmp_path / "3"
    empty.mkdir()
    assert main([str(empty), str(empty)]) == 1
