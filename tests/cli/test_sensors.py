"""`quetsach sensors push`: a line a sensor, and an exit code that says whether all use the list."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from quetsach.cli.sensors import push_command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list.txt").write_text("".join(f"n{one}.bad.example\n" for one in range(4)))
    (tmp_path / "short.txt").write_text("n1.bad.example\n")
    (tmp_path / "sensors.toml").write_text(
        f'[[sensor]]\nname = "zeek"\nkind = "zeek"\nfile = "{tmp_path}/intel.dat"\n'
    )
    return tmp_path


def run(folder: Path, *words: str) -> tuple[int, str]:
    runner = CliRunner()
    result = runner.invoke(
        push_command, [str(folder / "sensors.toml"), *words], standalone_mode=False
    )
    assert result.exception is None, result.exception
    return result.return_value, result.output


def test_a_list_is_given_and_a_shrunken_one_refused(folder: Path) -> None:
    code, text = run(folder, "-i", str(folder / "list.txt"))
    assert (code, text.count("zeek (zeek): ")) == (0, 1)
    code, text = run(folder, "-i", str(folder / "short.txt"), "--json")
    (fact,) = json.loads(text)
    assert (code, fact["state"], fact["entries"]) == (3, "refused", 1)
    code, _text = run(folder, "-i", str(folder / "short.txt"), "--accept-shrunken")
    assert code == 0
