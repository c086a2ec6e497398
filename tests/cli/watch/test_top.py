"""The view of `quetsach watch top` fits its terminal, and has the quickest source first."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from quetsach.cli.watch.top import Rates, lost_of, top_lines
from quetsach.texts import use_language
from quetsach.watch.state import WatchState
from tests.cli.running import quetsach_here

_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def _file(path: str, lines: int, **more: Any) -> dict[str, Any]:
    return {"path": path, "lines": lines, "lag": 0, "grown_us": 0, "is_silent": False, **more}


def _standing(lines: int = 10, fast: int = 5) -> dict[str, Any]:
    now_us = int(time.time() * 1e6)
    return {
        "pid": 7,
        "started_us": now_us,
        "alive_us": now_us,
        "zone": "UTC",
        "lines": lines,
        "indicators": 3,
        "sightings": 2,
        "lag": 2048,
        "portal": None,
        "files": [_file("slow.log", 4), _file("fast\x1b[2J.log", fast, is_silent=True)],
        "listeners": [
            {
                "source": "udp://10.0.0.5:514",
                "received": 9,
                "lag": 0,
                "last_us": now_us,
                "is_silent": False,
                "dropped": {"kernel": 1, "spool": 2, "length": 0},
            }
        ],
        "devices": [
            {"device": "pc-12", "indicator": "bad.example", "last_us": now_us, "sightings": 12}
        ],
        "problems": [{"code": "E125", "path": "odd.log"}],
    }


@pytest.mark.parametrize("width", [40, 100])
def test_it_fits_and_has_the_quickest_first(width: int) -> None:
    use_language("en")
    rates = Rates()
    rates.take(_standing(), 1.0)
    rates.take(_standing(30, 25), 2.0)
    lines = [_STYLE.sub("", one) for one in top_lines(_standing(30, 25), rates, width, 24)]
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert "RUNS" in text
    assert "\x1b" not in text
    if width == 100:
        assert text.index("fast") < text.index("slow.log")
        assert "20 lines a second, 30 in all" in text
        assert "lost 3" in text
        assert all(word in text for word in ("SILENT", "pc-12", "bad.example", "E125 odd.log"))


def test_without_colour_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in "".join(top_lines(_standing(), Rates(), 80, 24))


def test_what_was_lost_is_added_up() -> None:
    assert lost_of(_standing()) == 3


def test_where_there_is_no_terminal_it_is_printed_once(tmp_path: Path) -> None:
    WatchState(tmp_path).close()
    told = quetsach_here("watch", "top", "--state", tmp_path)
    assert (told.returncode, b"DOES NOT RUN" in told.stdout) == (2, True)
