"""Suricata datasets: a set is queried for each depth of its names, which are coded alone."""

import base64
import ipaddress
import re

import pytest

from quetsach.blocklists.outputs.suricata_dataset import MOST_BUCKETS, dataset_option
from tests.blocklists.making import (
    indicators,
    make,
    mixed,
)


def test_a_set_of_suricata_is_asked_for_each_depth_that_the_list_has() -> None:
    names = ("bad.example", "c.d.e.bad2.example")
    made = make("suricata-dataset", indicators(*names))
    rules = made.files["quetsach-dataset.rules"]
    cuts = sorted(set(re.findall(r'pcrexform:"([^"]+)"', rules)), key=len)
    held = {base64.b64decode(line).decode() for line in made.files["quetsach-below.lst"].split()}
    assert held == set(names)

    def is_met(name: str) -> bool:
        found = (re.search(cut, name) for cut in cuts)
        return any(one is not None and one.group(1) in held for one in found)

    assert is_met("bad.example")
    assert is_met("deep.down.bad.example")
    assert is_met("x.c.d.e.bad2.example")
    assert not is_met("notbad.example")
    assert not is_met("e.bad2.example")
    assert not is_met("bad.example.net")


def test_a_coded_name_has_no_line_break_in_it() -> None:
    made = make("suricata-dataset", indicators("bad.example"))
    assert made.files["quetsach-below.lst"] == "YmFkLmV4YW1wbGU=\n"


@pytest.mark.parametrize(
    ("size", "buckets"),
    [(1, 1024), (1025, 2048), (65_536, 65_536), (65_537, 65_536), (2_000_000, 65_536)],
)
def test_no_set_asks_for_more_buckets_than_suricata_grants(size: int, buckets: int) -> None:
    option = dataset_option("quetsach-below", "string", size)
    assert f"hashsize {buckets};" in option
    assert buckets <= MOST_BUCKETS


def test_every_line_of_a_list_is_what_its_type_asks_for() -> None:
    """Source: user guide 8, "Datasets", "File formats": base64 for string; addresses as text."""
    made = make("suricata-dataset", mixed())
    rules = made.files["quetsach-dataset.rules"]
    of_file = {file: kind for kind, file in re.findall(r"type (\w+),load ([a-z-]+\.lst)", rules)}
    assert {*of_file.values()} == {"string", "ip"}
    assert {*of_file} == {name for name in made.files if name.endswith(".lst")}
    for file, kind in of_file.items():
        for line in made.files[file].split("\n")[:-1]:
            if kind == "string":
                name = base64.b64decode(line, validate=True).decode("ascii")
                assert name == name.lower().strip()
            else:
                assert str(ipaddress.ip_address(line)) == line
    # A set is made once: each rule that names it says the same of it.
    options = {re.sub(r".*(dataset:[^;]*);.*", r"\1", line) for line in rules.splitlines()[5:]}
    sets = [option for option in options if option.startswith("dataset:")]
    assert len({option.split(",")[1] for option in sets}) == len(sets)
