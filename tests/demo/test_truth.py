"""The truth against the written logs, read back without the writer's knowledge."""

from collections import Counter

from quetsach.demo.plan import plan_district
from tests.demo.reading import Built, Lines, everyone, names


def test_no_line_names_an_indicator_beyond_what_the_truth_says(built: Built, lines: Lines) -> None:
    indicators = built.truth["indicators"]
    found: Counter[tuple[str, str]] = Counter()
    for _, kind, line in lines:
        for one in indicators:
            if names(line, one):
                found[kind, one["key"]] += 1
    told: Counter[tuple[str, str]] = Counter()
    for met in [
        *(met for device in everyone(built.truth) for met in device["met"]),
        *built.truth["unnamed"],
    ]:
        for kind, count in met["lines"].items():
            told[kind, met["key"]] += count
    assert found == told


def test_best_grades_range_from_asked_to_moved(built: Built) -> None:
    grades = {device["best_grade"] for device in built.truth["infected"]}
    assert grades == {"asked", "blocked", "connected", "moved"}


def test_the_clean_unit_names_no_indicator(built: Built, lines: Lines) -> None:
    (folder,) = [
        unit.place.folder
        for unit in plan_district(7)
        if unit.place.code == built.truth["clean_unit"]
    ]
    theirs = [line for unit, _, line in lines if unit == folder]
    assert len(theirs) > 500
    assert not [line for line in theirs for one in built.truth["indicators"] if names(line, one)]


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


def test_what_a_cut_took_away_is_told(built: Built) -> None:
    cut = [one for one in built.truth["files"] if one["lost_lines"]]
    assert {one["kind"] for one in cut} == {"zeek-tsv", "eve"}
    lost = [device for device in built.truth["infected"] if device["lost_in_cut"]]
    assert [device["folder"] for device in lost] == ["xa-kim-son", "xa-tan-hiep"]
