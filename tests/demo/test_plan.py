"""The plan of the district: units, machines, and names and addresses that nobody has."""

import ipaddress
import json
import re

from tests.demo.reading import IPV4, Built, evidence_files, unpacked

_MADE_UP = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "10.0.0.0/8",
            "192.168.0.0/16",
            # What a machine without an address writes, and to whom.
            "0.0.0.0/32",
            "255.255.255.255/32",
        ),
    )
)


# A version number of a browser, which looks like an address in real logs too.
_VERSION = "Chrome/105.0.0.0"


_NAME = re.compile(r"(?<![\w.-])(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w-])")


_FILE_ENDINGS = ("html", "pdf", "css", "js", "png", "json", "php", "exe")


_ON_PURPOSE = {"bad.example.org", "com.vn"}


def test_no_address_lies_outside_the_ranges_kept_for_documentation(built: Built) -> None:
    strangers = {
        address
        for path in built.root.rglob("*")
        if path.is_file()
        for address in IPV4.findall(unpacked(path).decode().replace(_VERSION, ""))
        if not any(ipaddress.ip_address(address) in one for one in _MADE_UP)
    }
    assert strangers == set()


def test_no_host_name_lies_outside_example(built: Built) -> None:
    found = {
        name.lower()
        for path in (*evidence_files(built.root), *(built.root / "indicators").iterdir())
        for name in _NAME.findall(unpacked(path).decode())
    }
    assert "bad.example" in found
    strangers = {one for one in found if not one.endswith((".example", *_FILE_ENDINGS))}
    assert strangers == _ON_PURPOSE


def test_units_and_machines_are_listed(built: Built) -> None:
    units = (built.root / "units.csv").read_text(encoding="utf-8").splitlines()
    machines = (built.root / "machines.csv").read_text(encoding="utf-8").splitlines()
    assert len(units) == 31
    assert len([row for row in units if ",xã," in row]) == 15
    assert len([row for row in units if ",thị trấn," in row]) == 2
    listed = {row.split(",")[2] for row in machines[1:]}
    assert len(listed) == len(machines) - 1
    assert {
        one["mac"] for one in json.loads((built.root / "truth.json").read_bytes())["infected"]
    } <= listed
