"""Contacts of infected machines with what is listed."""

from collections import Counter

from quetsach.demo.plan import plan_district
from tests.demo.reading import Built, Lines, addresses, everyone, names, speakers


def test_each_infected_machine_stands_in_the_logs_as_often_as_the_truth_says(
    built: Built, lines: Lines
) -> None:
    indicators = {one["key"]: one for one in built.truth["indicators"]}
    for device in everyone(built.truth):
        for met in device["met"]:
            found = Counter(
                kind
                for folder, kind, line in lines
                if folder == device["folder"]
                and names(line, indicators[met["key"]])
                and speakers(line) & set(met["addresses"])
            )
            assert found == met["lines"], (device["host_name"], met["indicator"])


def test_every_indicator_is_met_by_someone(built: Built) -> None:
    met = {one["key"] for device in everyone(built.truth) for one in device["met"]}
    assert met == {one["key"] for one in built.truth["indicators"]}


def test_a_blocked_machine_never_got_through(built: Built, lines: Lines) -> None:
    (blocked,) = [one for one in built.truth["infected"] if one["best_grade"] == "blocked"]
    met = [
        line
        for folder, _, line in lines
        if folder == blocked["folder"] and "203.0.113.77" in addresses(line)
    ]
    assert met
    assert all('action="deny"' in line for line in met)


def test_a_moving_machine_leaves_its_address_to_a_clean_one(built: Built) -> None:
    movers = [(unit, one.pc) for unit in plan_district(7) for one in unit.infections if one.moves]
    assert len(movers) == 2
    for unit, pc in movers:
        before, after = unit.leased[0], unit.leased[-1]
        assert before[pc] != after[pc]
        assert any(before[pc] in week and week.index(before[pc]) != pc for week in unit.leased[1:])
