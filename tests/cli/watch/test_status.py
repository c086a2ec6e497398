"""`quetsach watch status` says how a watch stands, without disturbing it."""

import time
from typing import Any

from quetsach.cli.watch.status import runs, status_lines
from quetsach.clocks import MICROSECONDS
from quetsach.texts import use_language
from tests.cli.running import quetsach_here


def _standing(**more: Any) -> dict[str, Any]:
    now_us = int(time.time() * MICROSECONDS)
    return {
        "pid": 7,
        "started_us": now_us,
        "alive_us": now_us,
        "zone": "UTC",
        "indicators": 3,
        "lines": 5,
        "texts": 1,
        "sightings": 2,
        "minute": {"lines": 4, "bytes": 9},
        "lag": 0,
        "put_off": 3,
        "planted": [
            {"place": "Một cửa", "source": "eve.json", "seen_us": now_us},
            {"place": "Văn phòng", "source": "", "seen_us": None},
        ],
        "files": [
            {"path": "eve.json", "form": "suricata-eve", "lines": 5, "lag": 0, "grown_us": now_us}
            | {"is_silent": True}
        ],
        "listeners": [
            {"source": "udp://10.0.0.5:514", "received": 1200, "lag": 0, "last_us": now_us}
            | {"form": "fortigate"}
            | {"dropped": {"kernel": 3}, "closed": {"cut": 2}, "is_silent": False}
        ],
        "devices": [{"device": "", "indicator": "bad.example", "last_us": now_us, "sightings": 2}],
        "problems": [{"code": "E113", "path": "pipe", "facts": {}, "count": 1}],
        **more,
    }


def test_it_names_files_devices_and_problems() -> None:
    use_language("en")
    told = "\n".join(status_lines(_standing()))
    assert "Runs since" in told
    for words in ("eve.json  suricata-eve  5", "SILENT", "nobody known", "E113 pipe: not a plain"):
        assert words in told
    for words in ("3 were told only later", "1 of 2 places seen", "Văn phòng  not seen yet"):
        assert words in told
    for words in ("udp://10.0.0.5:514  fortigate  1,200", "LOST: 3", "refused or broken: 2"):
        assert words in told
    assert "Does not run" in next(status_lines(_standing(pid=0)))
    assert not runs(_standing(alive_us=0))
    for zone, clock in (("Asia/Ho_Chi_Minh", "18 May 10:33"), ("UTC", "18 May 03:33")):
        assert clock in next(status_lines(_standing(started_us=2 * 10**15, zone=zone)))
    assert next(status_lines(_standing(zone="../nowhere")))


def test_without_a_state_it_says_so(tmp_path: Any) -> None:
    told = quetsach_here("watch", "status", "--state", tmp_path)
    assert (told.returncode, b"E101" in told.stderr) == (2, True)
