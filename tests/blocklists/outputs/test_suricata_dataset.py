"""Suricata datasets: a set is queried for each depth of its names, which are coded alone."""

import base64
import re

from tests.blocklists.making import (
    indicators,
    make,
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
