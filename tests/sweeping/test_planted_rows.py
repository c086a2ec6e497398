"""Planted contacts are found in logs, and leave no trace in cases and figures."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quetsach.blocklists.planted import PlantedKey, planted_on
from quetsach.sweeping.planted_rows import PlantedSearch
from tests.sweeping.evidence import swept, write

KEY = PlantedKey(b"k" * 32, ("VP", "KT"), date(2026, 11, 2))
FIRST = date(2026, 11, 2)
"""A Monday."""
BAD = "bad.example"
PAGES = ("devices.json", "coverage.json", "rejects.json")


def asked(day: date, clock: str, name: str, source: str = "10.0.0.5") -> str:
    """Return a question in a line of Suricata's eve.json."""
    return (
        f'{{"timestamp":"{day.isoformat()}T{clock}.000000+0700","event_type":"dns",'
        f'"src_ip":"{source}","src_port":5000,"dest_ip":"10.0.0.1","dest_port":53,"proto":"UDP",'
        f'"dns":{{"type":"query","rrname":"{name}","rrtype":"A"}}}}\n'
    )


def flow(day: date, clock: str, address: str) -> str:
    """Return a connection in a line of Suricata's eve.json."""
    return (
        f'{{"timestamp":"{day.isoformat()}T{clock}.000000+0700","event_type":"flow",'
        f'"src_ip":"10.0.0.5","src_port":5000,"dest_ip":"{address}","dest_port":80,"proto":"TCP",'
        '"flow":{"pkts_toserver":1,"pkts_toclient":0,"bytes_toserver":60,"bytes_toclient":0}}\n'
    )


def working_days(count: int) -> list[date]:
    days = (FIRST + timedelta(days=number) for number in range(2 * count + 7))
    return [day for day in days if day.weekday() < 5][:count]


def log(days: list[date], *more: str) -> str:
    """Return the log of a network that is there all day, with `more` lines in it."""
    habit = [
        asked(day, clock, "www.example.org") for day in days for clock in ("07:00:00", "17:00:00")
    ]
    return "".join(sorted((*habit, *more)))


def page_of(tmp_path: Path, *evidence: Path, key: PlantedKey | None = KEY) -> dict[str, Any]:
    swept(tmp_path, *evidence, listed=f"{BAD}\n", planted=PlantedSearch(key))
    page: dict[str, Any] = json.loads((tmp_path / "findings/planted.json").read_text())
    return page


def test_what_was_planted_is_counted_and_what_it_is_worth(tmp_path: Path) -> None:
    days = working_days(15)
    names = [planted_on(KEY, day, place).name for day in days for place in KEY.places]
    lines = [asked(day, "08:33:07", names[2 * n + k]) for n, day in enumerate(days) for k in (0, 1)]
    page = page_of(tmp_path, write(tmp_path / "eve.json", log(days, *lines[3:])))
    assert (page["seen"], page["planted"]) == (27, 30)
    assert (page["a_day"], page["in_days"]) == (0.7614, 0.9864)
    assert page["places"] == [
        {"place": "VP", "seen": 13, "planted": 15},
        {"place": "KT", "seen": 14, "planted": 15},
    ]
    assert page["sources"] == [{"path": str(tmp_path / "eve.json"), "seen": 27}]
    report = (tmp_path / "findings/report.html").read_text()
    assert "76,1 %" in report or "76.1 %" in report
    assert "98,6 %" in report or "98.6 %" in report


def test_findings_with_planted_names_are_those_without(tmp_path: Path) -> None:
    """The lines count, as examined without a match; nothing else is another."""
    days = working_days(5)
    mixed = planted_on(KEY, days[1], "VP")
    planted = [
        *(asked(day, "08:31:00", planted_on(KEY, day, "VP").name) for day in days),
        *(flow(day, "08:31:02", planted_on(KEY, day, "VP").address) for day in days),
    ]
    hits = [asked(days[2], "09:00:00", BAD), asked(days[3], "09:00:00", f"x.{BAD}", "10.0.0.8")]
    # One line that shows both: it is a sighting of what is listed.
    both = asked(days[1], "09:30:00", BAD).replace('"rrtype":"A"', f'"rdata":"{mixed.name}"')
    path = write(tmp_path / "eve.json", log(days, *planted, *hits, both))
    bare = swept(tmp_path, path, listed=f"{BAD}\n", out=tmp_path / "bare")
    full = swept(
        tmp_path, path, listed=f"{BAD}\n", out=tmp_path / "full", planted=PlantedSearch(KEY)
    )
    assert full["devices"] == bare["devices"]
    assert full["sightings"] == bare["sightings"] == 3
    assert full["indicators"] == bare["indicators"]
    assert full["sighting_lines"] == bare["sighting_lines"]
    assert full["no_match"] + full["sieved_out"] == bare["no_match"] + bare["sieved_out"]
    assert full["unread"] == bare["unread"]
    for name in ("devices.json", "rejects.json"):
        texts = [(tmp_path / folder / name).read_text() for folder in ("bare", "full")]
        assert texts[0] == texts[1], name
    assert not (tmp_path / "bare/planted.json").exists()


def test_a_name_that_is_asked_days_later_does_not_show_that_its_day_was_seen(
    tmp_path: Path,
) -> None:
    days = working_days(5)
    late = planted_on(KEY, days[0], "VP").name
    near = planted_on(KEY, days[1], "VP").name
    lines = [asked(days[4], "09:00:00", late), asked(days[2], "00:10:00", near)]
    page = page_of(tmp_path, write(tmp_path / "eve.json", log(days, *lines)))
    assert (page["seen"], page["planted"]) == (1, 10)
    assert page["names"] == 2


def test_an_address_counts_on_its_own_day_alone(tmp_path: Path) -> None:
    key = PlantedKey(b"k" * 32, ("VP",), FIRST)
    days = working_days(3)
    address = planted_on(key, days[1], "VP").address
    lines = [flow(days[1], "08:33:00", address), flow(days[2], "08:33:00", address)]
    page = page_of(tmp_path, write(tmp_path / "eve.json", log(days, *lines)), key=key)
    seen = [one["day"] for one in page["contacts"] if one["seen"]]
    assert seen == [days[1].isoformat()]


def test_by_suffix_names_are_counted_and_no_share_is_claimed(tmp_path: Path) -> None:
    days = working_days(2)
    lines = [asked(day, "08:33:07", planted_on(KEY, day, "VP").name) for day in days]
    path = write(tmp_path / "eve.json", log(days, *lines))
    page = page_of(tmp_path, path, key=None)
    assert (page["names"], page["planted"], page["seen"], page["by"]) == (2, 0, 0, "suffix")
    report = (tmp_path / "findings/report.html").read_text()
    assert "76" not in report.partition("planted")[0][-20:]


def test_names_of_another_office_are_unknown_here(tmp_path: Path) -> None:
    days = working_days(2)
    other = PlantedKey(b"o" * 32, ("VP",))
    lines = [asked(day, "08:33:07", planted_on(other, day, "VP").name) for day in days]
    page = page_of(tmp_path, write(tmp_path / "eve.json", log(days, *lines)))
    assert (page["seen"], page["planted"], page["unknown_names"]) == (0, 4, 2)


def test_days_that_the_logs_do_not_cover_are_not_due(tmp_path: Path) -> None:
    """A log that ends at 09:00 need not show the second try, and weekends plant nothing."""
    days = working_days(5)
    cut = [
        asked(days[0], "07:00:00", "www.example.org"),
        asked(days[0], "09:00:00", "x.example.org"),
    ]
    page = page_of(tmp_path, write(tmp_path / "eve.json", "".join(cut)))
    assert page["planted"] == 0
    weekend = [FIRST + timedelta(days=5), FIRST + timedelta(days=6)]
    (tmp_path / "findings").rename(tmp_path / "before")
    assert page_of(tmp_path, write(tmp_path / "w.json", log(weekend)))["planted"] == 0


def test_a_note_tells_a_pc_that_was_off(tmp_path: Path) -> None:
    days = working_days(5)
    key = PlantedKey(b"k" * 32, ("VP",), FIRST)
    on = [day for day in days if day != days[2]]
    name = {day: planted_on(key, day, "VP").name for day in days}
    note = "".join(f"{day}T08:33:00+07:00 {name[day]} asked knocked\n" for day in on)
    lines = [asked(day, "08:33:07", name[day]) for day in on[1:]]
    page = page_of(
        tmp_path,
        write(tmp_path / "logs/eve.json", log(days, *lines)),
        write(tmp_path / "logs/planted-note.txt", f"# quetsach-planted 1\n{note}"),
        key=key,
    )
    assert (page["seen"], page["planted"], page["off"]) == (3, 4, 1)
    blind = [one for one in page["contacts"] if not one["seen"]]
    assert [(one["day"], one["noted"]) for one in blind] == [(days[0].isoformat(), True)]


def test_a_text_that_only_mentions_a_name_proves_no_sensor(tmp_path: Path) -> None:
    days = working_days(2)
    name = planted_on(KEY, days[0], "VP").name
    text = write(tmp_path / "notes.log", f"somebody wrote {name} here\n" * 3)
    page = page_of(tmp_path, write(tmp_path / "eve.json", log(days)), text)
    assert page["seen"] == 0
    assert (
        json.loads((tmp_path / "findings/devices.json").read_text())["lines_to_look_at"]["lines"]
        == 0
    )


def test_a_planted_suffix_that_is_listed_stays_a_sighting(tmp_path: Path) -> None:
    days = working_days(1)
    name = planted_on(KEY, days[0], "VP").name
    path = write(tmp_path / "eve.json", log(days, asked(days[0], "08:33:00", name)))
    listed = "planted.quetsach.example\n"
    summary = swept(tmp_path, path, listed=listed, planted=PlantedSearch(KEY))
    assert summary["sightings"] == 1


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_change_nothing(tmp_path: Path, workers: int) -> None:
    days = working_days(8)
    lines = [asked(day, "08:33:07", planted_on(KEY, day, "VP").name) for day in days]
    path = write(tmp_path / "eve.json", log(days, *lines))
    swept(
        tmp_path,
        *(path, write(tmp_path / "copy.json", path.read_text())),
        listed=f"{BAD}\n",
        planted=PlantedSearch(KEY),
        workers=workers,
        piece_bytes=1000,
        small_bytes=0,
    )
    page = json.loads((tmp_path / "findings/planted.json").read_text())
    assert (page["seen"], page["planted"]) == (8, 16)
    assert datetime.fromisoformat(page["contacts"][0]["seen_at"]).astimezone(UTC).hour == 1
