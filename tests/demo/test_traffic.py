"""The everyday traffic of a unit, and its resolver."""

import json

from quetsach.demo.plan import plan_district
from tests.demo.reading import Built, Lines


def test_look_alikes_are_visited_in_every_unit(built: Built, lines: Lines) -> None:
    folders = {folder for folder, _, line in lines if "notbad.example" in line}
    assert folders >= {
        unit.place.folder
        for unit in plan_district(7)
        if {"squid", "conntrack"}.isdisjoint(one.kind for one in unit.recorders)
    }


def test_the_resolver_is_asked_by_an_infected_machine_and_asks_outside(
    built: Built, lines: Lines
) -> None:
    resolver = built.truth["resolver"]
    (address,) = resolver["met"][0]["addresses"]
    asked = [
        json.loads(line)
        for folder, kind, line in lines
        if folder == resolver["folder"] and kind == "suricata.dns" and "query" in line
    ]
    clients = {one["src_ip"] for one in asked if one["dest_ip"] == address}
    outside = {one["dest_ip"] for one in asked if one["src_ip"] == address}
    assert len(clients) >= 5
    assert outside == {built.truth["resolver_asks"]}
