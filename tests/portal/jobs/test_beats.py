"""Signs of life of the workers."""

import os
from pathlib import Path

import pytest

from quetsach_portal.jobs import beats


def test_each_lane_has_the_age_of_its_last_beat(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert beats.ages() == {}
    beats.beat("light")
    beats.beat("heavy")
    place = home / beats.FOLDER / "light"
    os.utime(place, (0, 0))
    # Not so soon again: a worker without work asks each second.
    beats.beat("light")
    assert beats.ages()["light"] > 1_000_000 > beats.ages()["heavy"]
    monkeypatch.setattr(beats, "EVERY_S", 0.0)
    beats.beat("light")
    assert beats.ages()["light"] < 1_000_000


def test_a_home_that_takes_no_file_stops_no_worker(home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("no folder")
    beats.beat("light")
    assert beats.ages() == {}
