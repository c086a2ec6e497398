"""What was read counts for the source by which its user named it, whatever rotation calls it."""

from pathlib import Path

import pytest

from quetsach.watch.sources import SourceFigures, keep_sources, source_of
from quetsach.watch.state import WatchState

_FOLLOWED = ("/var/log/eve.json", "/srv/zeek", "/logs/*.log")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("/var/log/eve.json", "/var/log/eve.json"),
        ("/var/log/eve.json.1", "/var/log/eve.json"),
        ("/var/log/eve-20261130.json.gz", "/var/log/eve.json"),
        ("/srv/zeek/current/dns.log", "/srv/zeek"),
        ("/logs/fw.log", "/logs/*.log"),
        ("/logs/fw.log.1.gz", "/logs/*.log"),
        ("/elsewhere/a", "/elsewhere/a"),
    ],
)
def test_the_source_of_a_file(path: str, source: str) -> None:
    assert source_of(path, _FOLLOWED) == source


def test_totals_and_the_last_minute(tmp_path: Path) -> None:
    state = WatchState(tmp_path)
    minute_us = 60_000_000
    for now_us, lines in ((0, 5), (1, 5), (minute_us, 3), (3 * minute_us, 2)):
        keep_sources(state, {"a": SourceFigures(lines, 10, 7)}, now_us)
    columns = "lines, bytes, event_us, minute_lines, last_lines"
    assert state.run(f"SELECT {columns} FROM source_total") == [(15, 40, 7, 2, 0)]
    keep_sources(state, {"a": SourceFigures(1, 1)}, 4 * minute_us)
    assert state.run(f"SELECT {columns} FROM source_total") == [(16, 41, 7, 1, 2)]
    state.close()
