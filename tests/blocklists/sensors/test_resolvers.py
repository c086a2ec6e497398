"""What the control commands of resolvers say, by small programs in their place."""

from pathlib import Path

import pytest

from quetsach.blocklists.sensors.resolvers import ReloadError, reload_zone, serial_of
from quetsach.blocklists.sensors.settings import SensorKind, SensorTarget


def sensor(folder: Path, kind: SensorKind, answer: str, code: int = 0) -> SensorTarget:
    script = folder / "control"
    script.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\nexit {code}\n")
    script.chmod(0o755)
    return SensorTarget("dns", kind, folder / "zone", "rpz", "rpz.example", (str(script),))


@pytest.mark.parametrize(
    ("kind", "answer", "serial"),
    [
        (SensorKind.UNBOUND, "other.\tserial 5\nRPZ.example.\tserial 17", 17),
        (SensorKind.UNBOUND, "rpz.example.\tno serial", None),
        (SensorKind.UNBOUND, "", None),
        (SensorKind.BIND, "name: rpz.example\ntype: primary\nserial: 17\nnodes: 3", 17),
        (SensorKind.BIND, "name: rpz.example", None),
    ],
)
def test_the_serial_is_that_of_the_zone(
    tmp_path: Path, kind: SensorKind, answer: str, serial: int | None
) -> None:
    assert serial_of(sensor(tmp_path, kind, answer)) == serial


def test_a_reload_counts_only_when_the_new_serial_is_served(tmp_path: Path) -> None:
    resolver = sensor(tmp_path, SensorKind.BIND, "serial: 17")
    reload_zone(resolver, 17)
    with pytest.raises(ReloadError, match="17 is served, not 18"):
        reload_zone(resolver, 18, patience_s=0)


def test_what_a_program_says_when_it_fails_is_kept(tmp_path: Path) -> None:
    with pytest.raises(ReloadError, match="no such zone"):
        reload_zone(sensor(tmp_path, SensorKind.UNBOUND, "error no such zone", 1), 1)
