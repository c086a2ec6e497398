"""Lists pushed into the sensors of a file: each in its own form, only ever to watch."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach.api.sensors import PushRequest, PushState, push_lists, sensors_in
from quetsach.errors.exceptions import QuetsachError

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)


def test_each_sensor_gets_the_lists_in_its_form(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("bad.example\nown.example\n203.0.113.77\n")
    (tmp_path / "own.txt").write_text("own.example\n")
    (tmp_path / "sensors.toml").write_text(
        f'belt = ["{tmp_path}/own.txt"]\n'
        f'[[sensor]]\nname = "zeek"\nkind = "zeek"\nfile = "{tmp_path}/intel.dat"\n'
        f'[[sensor]]\nname = "ids"\nkind = "suricata"\nfile = "{tmp_path}"\n'
        'form = "suricata-rules"\n'
    )
    request = PushRequest((tmp_path / "list.txt",), AT)
    results = push_lists(sensors_in(tmp_path / "sensors.toml"), request)
    assert [one.state for one in results] == 2 * [PushState.MOVED]
    intel = (tmp_path / "intel.dat").read_text()
    assert "bad.example\tIntel::DOMAIN" in intel
    assert "own.example" not in intel
    rules = (tmp_path / "quetsach.rules").read_text()
    assert "alert dns" in rules
    assert "drop " not in rules


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 300_000])
def test_what_is_no_file_of_sensors_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sensors.toml").write_bytes(content)
    with pytest.raises(QuetsachError) as caught:
        sensors_in(tmp_path / "sensors.toml")
    assert caught.value.problem.code == "E239"
