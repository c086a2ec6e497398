"""The file of sensors: what it may say, and what is refused."""

from pathlib import Path

import pytest

from quetsach.blocklists.sensors.settings import SensorKind, read_sensors
from quetsach.errors.exceptions import QuetsachError

WHOLE = """
belt = ["/etc/quetsach/own.txt"]

[[sensor]]
name = "dns1"
kind = "unbound"
file = "/etc/unbound/quetsach.rpz"
zone = "rpz.office.example."
control = ["unbound-control", "-c", "/etc/unbound/unbound.conf"]

[[sensor]]
name = "ids"
kind = "suricata"
file = "/etc/suricata/rules"
socket = "/run/suricata/suricata-command.socket"
"""


def test_each_sensor_has_what_its_kind_needs() -> None:
    file = read_sensors(WHOLE, "sensors.toml")
    assert file.belt == (Path("/etc/quetsach/own.txt"),)
    resolver, ids = file.sensors
    assert (resolver.kind, resolver.zone, resolver.form) == (
        SensorKind.UNBOUND,
        "rpz.office.example",
        "rpz",
    )
    assert resolver.control[0] == "unbound-control"
    assert (ids.form, ids.path) == ("suricata-dataset", Path("/etc/suricata/rules"))
    assert ids.control == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sensor = 3",
        "[[sensor]]",
        "[[sensor",
        '[[sensor]]\nname = "a"\nkind = "snort"\nfile = "/a"',
        '[[sensor]]\nname = "a"\nkind = "zeek"\nfile = "a"',
        '[[sensor]]\nname = ""\nkind = "zeek"\nfile = "/a"',
        '[[sensor]]\nname = "a"\nkind = "zeek"\nfile = "/a"\nform = "rpz"',
        '[[sensor]]\nname = "a"\nkind = "zeek"\nfile = "/a"\ncolour = "red"',
        '[[sensor]]\nname = "a"\nkind = "bind"\nfile = "/a"',
        '[[sensor]]\nname = "a"\nkind = "bind"\nfile = "/a"\nzone = "z"\ncontrol = [""]',
        2 * '[[sensor]]\nname = "a"\nkind = "zeek"\nfile = "/a"\n',
        'belt = ["own.txt"]\n[[sensor]]\nname = "a"\nkind = "zeek"\nfile = "/a"',
        "x = " + "[" * 5000,
        "x = " + "9" * 5000,
    ],
)
def test_a_wrong_file_is_refused(text: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_sensors(text, "sensors.toml")
    assert caught.value.problem.code == "E239"
