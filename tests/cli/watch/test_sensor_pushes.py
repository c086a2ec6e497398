"""A watch gives its list to the sensors of a file, at the start and when it changes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach.api.sensors import PushRequest, sensors_in
from quetsach.cli.watch.sensor_pushes import SensorPushes, pushes_of
from quetsach.errors.exceptions import QuetsachError
from tests.cli.running import quetsach_here
from tests.watch.watched import lines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list.txt").write_text("bad.example\n")
    (tmp_path / "sensors.toml").write_text(
        f'[[sensor]]\nname = "zeek"\nkind = "zeek"\nfile = "{tmp_path}/intel.dat"\n'
    )
    return tmp_path


def test_what_became_of_it_is_told_and_failures_are_counted(folder: Path) -> None:
    told: list[tuple[str, bool]] = []
    request = PushRequest((folder / "list.txt",), datetime(2026, 9, 1, tzinfo=UTC))
    pushes = SensorPushes(
        sensors_in(folder / "sensors.toml"), request, lambda line, ok: told.append((line, ok))
    )
    pushes.begin()
    pushes.end()
    assert "bad.example" in (folder / "intel.dat").read_text()
    assert [is_well for _line, is_well in told] == [True]
    assert pushes.failures == 0


def test_a_list_that_cannot_be_read_is_told(folder: Path) -> None:
    told: list[bool] = []
    options: dict[str, object] = {"lists": (folder / "no.txt",), "decisions": None}
    options["accept_private"] = False
    pushes = pushes_of(folder / "sensors.toml", options, lambda _line, ok: told.append(ok))
    assert pushes is not None
    pushes.begin()
    pushes.end()
    assert (told, pushes.failures) == ([False], 1)
    assert pushes_of(None, options, lambda _line, _ok: None) is None
    with pytest.raises(QuetsachError):
        pushes_of(folder / "no.toml", options, lambda _line, _ok: None)


def test_a_watch_that_runs_gives_its_list(folder: Path) -> None:
    (folder / "eve.json").write_bytes(lines(0, 1))
    words = ("watch", "run", folder / "eve.json", "-i", folder / "list.txt", "--once")
    done = quetsach_here(*words, "--state", folder / "state", "--sensors", folder / "sensors.toml")
    assert done.returncode == 1, done.stderr
    assert b"zeek (zeek): " in done.stderr
    assert "bad.example" in (folder / "intel.dat").read_text()
