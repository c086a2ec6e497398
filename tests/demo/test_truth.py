"""The truth against the written logs, read back without the writer's knowledge."""

import json
from collections import Counter
from typing import Any

from quetsach.demo.plan import plan_district
from tests.demo.conftest import Built, Lines
from tests.demo.reading import addresses, names, speakers


def _everyone(truth: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        *truth["infected"],
        truth["resolver"],
        truth["inbound_target"],
        *truth["public_resolver_clients"],
    ]


def test_each_infected_machine_stands_in_the_logs_as_often_as_the_truth_says(
    built: Built, lines: Lines
) -> None:
    indicators = {one["key"]: one for one in built.truth["indicators"]}
    for device in _everyone(built.truth):
        for met in device["met"]:
            found = Counter(
                kind
                for folder, kind, line in lines
                if folder == device["folder"]
                and names(line, indicators[met["key"]])
                and speakers(line) & set(met["addresses"])
            )
            assert found == met["lines"], (device["host_name"], met["indicator"])


def test_no_line_names_an_indicator_beyond_what_the_truth_says(built: Built, lines: Lines) -> None:
    indicators = built.truth["indicators"]
    found: Counter[tuple[str, str]] = Counter()
    for _, kind, line in lines:
        for one in indicators:
            if names(line, one):
                found[kind, one["key"]] += 1
    told: Counter[tuple[str, str]] = Counter()
    for met in [
        *(met for device in _everyone(built.truth) for met in device["met"]),
        *built.truth["unnamed"],
    ]:
        for kind, count in met["lines"].items():
            told[kind, met["key"]] += count
    assert found == told


def test_every_indicator_is_met_by_someone(built: Built) -> None:
    met = {one["key"] for device in _everyone(built.truth) for one in device["met"]}
    assert met == {one["key"] for one in built.truth["indicators"]}


def test_best_grades_range_from_asked_to_moved(built: Built) -> None:
    grades = {device["best_grade"] for device in built.truth["infected"]}
    assert grades == {"asked", "blocked", "connected", "moved"}


def test_a_blocked_machine_never_got_through(built: Built, lines: Lines) -> None:
    (blocked,) = [one for one in built.truth["infected"] if one["best_grade"] == "blocked"]
    met = [
        line
        for folder, _, line in lines
        if folder == blocked["folder"] and "203.0.113.77" in addresses(line)
    ]
    assert met
    assert all('action="deny"' in line for line in met)


def test_the_clean_unit_names_no_indicator(built: Built, lines: Lines) -> None:
    (folder,) = [
        unit.place.folder
        for unit in plan_district(7)
        if unit.place.code == built.truth["clean_unit"]
    ]
    theirs = [line for unit, _, line in lines if unit == folder]
    assert len(theirs) > 500
    assert not [line for line in theirs for one in built.truth["indicators"] if names(line, one)]


def test_look_alikes_are_visited_in_every_unit(built: Built, lines: Lines) -> None:
    folders = {folder for folder, _, line in lines if "notbad.example" in line}
    assert folders >= {
        unit.place.folder
        for unit in plan_district(7)
        if {"squid", "conntrack"}.isdisjoint(one.kind for one in unit.recorders)
    }


def test_a_hidden_machine_is_infected_on_days_without_a_log(built: Built) -> None:
    (hidden,) = built.truth["hidden"]
    assert hidden["unit"] == built.truth["two_day_unit"]
    assert hidden["met"] == []
    days = {
        one["path"].split("/")[3]
        for one in built.truth["files"]
        if one["path"].startswith(f"evidence/{hidden['folder']}/")
    }
    assert days == {"2022-09-14", "2022-09-15"}


def test_a_moving_machine_leaves_its_address_to_a_clean_one(built: Built) -> None:
    movers = [(unit, one.pc) for unit in plan_district(7) for one in unit.infections if one.moves]
    assert len(movers) == 2
    for unit, pc in movers:
        before, after = unit.leased[0], unit.leased[-1]
        assert before[pc] != after[pc]
        assert any(before[pc] in week and week.index(before[pc]) != pc for week in unit.leased[1:])


def test_what_a_cut_took_away_is_told(built: Built) -> None:
    cut = [one for one in built.truth["files"] if one["lost_lines"]]
    assert {one["kind"] for one in cut} == {"zeek-tsv", "eve"}
    lost = [device for device in built.truth["infected"] if device["lost_in_cut"]]
    assert [device["folder"] for device in lost] == ["xa-kim-son", "xa-tan-hiep"]


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
