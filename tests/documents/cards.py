"""Devices as devices.json has them, for the tests of the handling sheet: a usual and a hostile."""

from typing import Any
from zoneinfo import ZoneInfo

from quetsach.documents.sheets.card import CardCampaign

CAMPAIGN = CardCampaign(ZoneInfo("Asia/Ho_Chi_Minh"), "Kaspersky Virus Removal Tool")
QR = f"quetsach:case:sha256:{'ab' * 32}:PC-KETOAN-03 (00-17-A4-B2-C3-D4)"
HOSTILE = "#panic() $x$ *b* \\ <script>alert(1)</script> ]\u202e\x1b[2J\x00" + "W" * 200


def usual() -> dict[str, Any]:
    """Return a device whose machine stands in the inventory, with a rival."""
    return {
        "device": "PC-KETOAN-03 (00-17-A4-B2-C3-D4)",
        "host_name": "PC-KETOAN-03",
        "mac": "00-17-A4-B2-C3-D4",
        "addresses": ["10.20.3.41"],
        "grade": "ambiguous",
        "rivals": ["PC-VANTHU (00-17-A4-B2-C3-D5)"],
        "findings": [
            {"indicator": "c2.botnet.example", "label": "Mirai", "best_grade": "moved"},
            {"indicator": "203.0.113.7", "label": "", "best_grade": "connected"},
        ],
        "samples": ["0123456789abcdef", "1123456789abcdef"],
        "first_seen": "2026-09-01T01:15:22+00:00",
        "last_seen": "2026-09-05T17:40:00+07:00",
        "sightings": 1117,
        "machine": {
            "key": "TS-2023-0117",
            "name": "PC-KETOAN-03",
            "room": "P.302",
            "desk": "Bàn 4",
            "unit": "UBND xã Hàm Giang",
            "kind": "Máy tính để bàn",
            "shared": True,
        },
        "rivals_because": [
            {"device": "PC-VANTHU (00-17-A4-B2-C3-D5)", "because": "same address at 08:40"}
        ],
    }


def hostile() -> dict[str, Any]:
    """Return a device all of whose texts are long and hostile, with 50 of everything."""
    names = ("key", "name", "room", "desk", "unit", "kind", "remarks")
    return {
        "device": HOSTILE,
        "host_name": HOSTILE,
        "mac": HOSTILE,
        "addresses": [HOSTILE] * 50,
        "grade": "ambiguous",
        "rivals": [f"{number} {HOSTILE}" for number in range(50)],
        "findings": [
            {"indicator": f"{number}.{HOSTILE}", "label": HOSTILE, "best_grade": "moved"}
            for number in range(50)
        ],
        "samples": [HOSTILE] * 50,
        "first_seen": "yesterday",
        "last_seen": None,
        "sightings": 10**40,
        "machine": {**dict.fromkeys(names, HOSTILE), "shared": True},
        "rivals_because": [{"device": HOSTILE, "because": HOSTILE}, 7, None],
    }


def broken() -> dict[str, Any]:
    """Return a device of which nothing has the type it should have."""
    names = ("addresses", "grade", "rivals", "findings", "samples", "first_seen", "machine")
    return {"device": "x", **dict.fromkeys(names, 7), "sightings": "many", "rivals_because": {}}
