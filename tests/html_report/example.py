"""A week of a commune's findings: five devices, ten sources with gaps, files that were not read."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

ZONE = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
START = datetime(2022, 9, 12, tzinfo=ZONE)
OFFICE = range(7, 18)
ALL_DAY = range(24)


class Findings(NamedTuple):
    """The four mappings that a report is made from."""

    devices: dict[str, Any]
    coverage: dict[str, Any]
    rejects: dict[str, Any]
    manifest: dict[str, Any]


def findings() -> Findings:
    """Return a realistic, complete set of findings."""
    devices = _devices()
    coverage = _coverage()
    rejects = _rejects()
    return Findings(devices, coverage, rejects, manifest(devices, coverage, rejects, _unread()))


def nothing_found() -> Findings:
    """Return the same logs with nobody in them, and everything read."""
    devices = no_devices()
    coverage = _coverage()
    rejects: dict[str, Any] = {"total": 0, "by_reason": {}, "rows": []}
    return Findings(devices, coverage, rejects, manifest(devices, coverage, rejects, []))


def nothing_looked_at() -> Findings:
    """Return a sweep that had one file and could not read it."""
    devices = no_devices()
    coverage: dict[str, Any] = {"sources": [], "alive": {}}
    rejects: dict[str, Any] = {"total": 0, "by_reason": {}, "rows": []}
    return Findings(devices, coverage, rejects, manifest(devices, coverage, rejects, _unread()[:1]))


def no_devices() -> dict[str, Any]:
    """Return a devices.json that names nobody."""
    lost = {"sightings": 0, "indicators": [], "samples": [], "missing": ""}
    return {"devices": [], "not_blamed": [], "unattributed": lost}


def many_devices(count: int) -> Findings:
    """Return `count` devices, more than get a card of their own."""
    week = findings()
    model = week.devices["devices"][1]
    week.devices["devices"] = [
        model | {"device": f"10.20.{one // 250}.{one % 250 + 1}", "addresses": []}
        for one in range(count)
    ]
    return week


def manifest(
    devices: Mapping[str, Any],
    coverage: Mapping[str, Any],
    rejects: Mapping[str, Any],
    unread: list[dict[str, str]],
) -> dict[str, Any]:
    """Return the manifest.json that fits the other three."""
    lines = sum(one["lines"] for one in coverage["sources"])
    sightings = sum(one["sightings"] for one in coverage["sources"])
    return {
        "format": "quetsach-findings/1",
        "version": "0.1.0",
        "options": {
            "zone": "Asia/Ho_Chi_Minh",
            "inside": ["10.0.0.0/8", "192.168.0.0/16"],
            "since": None,
            "until": None,
            "accept_private": False,
        },
        "lists": [
            _list("danh-sach-ioc-2022.txt", "plain", rows=1250, refused=3),
            _list("botnet.csv", "csv", rows=418, refused=1, column="Tên miền"),
        ],
        "refusals": [
            _refusal("danh-sach-ioc-2022.txt", 17, "192.168[.]1[.]1", "private"),
            _refusal("danh-sach-ioc-2022.txt", 402, "com.vn", "public-suffix"),
            _refusal("danh-sach-ioc-2022.txt", 1249, "xem phụ lục kèm theo", "unparsable"),
            _refusal("botnet.csv", 1, "Tên miền", "unparsable"),
        ],
        "indicator_set": {"digest": _digest("set"), "count": 1664},
        "evidence": [
            {"path": one["path"], "sha256": one["sha256"], "bytes": one["bytes"]}
            for one in coverage["sources"]
        ],
        "files": {name: _digest(name) for name in ("coverage.json", "devices.json")},
        "signature": None,
        "own_tables": own_tables() if coverage["sources"] else None,
        "summary": {
            "bytes_read": sum(one["bytes"] for one in coverage["sources"]),
            "lines": lines,
            "candidates": sightings + 41,
            "sightings": sightings,
            "sighting_lines": sightings,
            "rejects": rejects["total"],
            "sieved_out": lines - sightings - 41 - rejects["total"],
            "no_match": 41,
            "unread": unread,
            "as_text": ["chứng cứ/xã Tân Sơn/router.log"] if coverage["sources"] else [],
            "devices": devices["devices"],
            "not_blamed": devices["not_blamed"],
            "unattributed": devices["unattributed"]["sightings"],
            "indicators_hit": _hit(devices),
            "indicators": 1664,
            "refused": 4,
        },
    }


def _hit(devices: Mapping[str, Any]) -> list[str]:
    met = {one for device in devices["devices"] for one in device["indicators"]}
    met |= {one for device in devices["not_blamed"] for one in device["indicators"]}
    return sorted(met)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _list(name: str, form: str, *, rows: int, refused: int, column: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "sha256": _digest(name),
        "form": form,
        "column": column,
        "rows": rows,
        "taken": rows - refused,
        "refused": refused,
    }


def _refusal(name: str, row: int, text: str, reason: str) -> dict[str, Any]:
    return {"list": name, "row": row, "text": text, "reason": reason}


def _at(day: int, hour: int, minute: int = 0) -> str:
    return (START + timedelta(days=day, hours=hour, minutes=minute)).isoformat()


def _finding(
    indicator: str, kind: str, grade: str, *, sightings: int, connections: int = 0, **more: Any
) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "key": indicator,
        "type": kind,
        "list": "danh-sach-ioc-2022.txt",
        "row": 3,
        "allow": [],
        "label": "",
        "sightings": sightings,
        "connections": connections,
        "ports": [443] if connections else [],
        "first_seen": _at(0, 8, 15),
        "last_seen": _at(4, 16, 40),
        "best_grade": grade,
        "samples": [_digest(f"{indicator}{one}")[:16] for one in range(min(sightings, 10))],
    } | more


def _device(
    name: str, address: str, found: list[dict[str, Any]], hours: dict[str, int], **more: Any
) -> dict[str, Any]:
    return {
        "device": name,
        "addresses": [address],
        "host_name": None,
        "mac": None,
        "grade": "likely",
        "rivals": [],
        "indicators": [one["indicator"] for one in found],
        "first_seen": min(hours, default=None),
        "last_seen": max(hours, default=None),
        "sightings": sum(one["sightings"] for one in found),
        "connections": sum(one["connections"] for one in found),
        "best_grade": found[0]["best_grade"],
        "hours": hours,
        "findings": found,
    } | more


def _devices() -> dict[str, Any]:
    return {
        "devices": [
            _named(),
            _direct(),
            _ambiguous(),
            _blocked(),
            _timeless(),
        ],
        "not_blamed": [
            {
                "device": "10.20.1.53",
                "addresses": ["10.20.1.53"],
                "role": "resolver",
                "because": "được 14 thiết bị hỏi, và tự hỏi 198.51.100.53",
                "indicators": ["cc.botnet.example", "update.loader.example"],
                "sightings": 40,
                "first_seen": _at(0, 8, 15),
                "last_seen": _at(6, 11),
                "best_grade": "answered",
                "samples": [_digest("resolver")[:16]],
            },
            {
                "device": "10.20.1.80",
                "addresses": ["10.20.1.80"],
                "role": "target",
                "because": "203.0.113.9 gõ 112 cổng, không cổng nào trả lời",
                "indicators": ["203.0.113.9"],
                "sightings": 112,
                "first_seen": _at(3, 2),
                "last_seen": _at(3, 2, 4),
                "best_grade": "blocked",
                "samples": [],
            },
        ],
        "unattributed": {
            "sightings": 3,
            "indicators": ["203.0.113.77"],
            "samples": [_digest("lost")[:16]],
            "missing": "dòng nhật ký không nêu địa chỉ bên trong; cần bảng NAT của router",
        },
    }


def _named() -> dict[str, Any]:
    hours = {_at(day, hour): 1 + (day * hour) % 13 for day in (0, 1, 3, 4) for hour in (8, 9, 14)}
    found = [
        _finding(
            "cc.botnet.example", "name", "moved", sightings=57, connections=21, label="Emotet"
        ),
        _finding("203.0.113.77", "address", "connected", sightings=12, connections=12, row=88),
        _finding("dns.example", "name", "asked", sightings=4, row=940, allow=["resolver"]),
    ]
    return _device(
        "PC-VT-07 (00-17-A4-B2-C3-D4)",
        "10.20.3.41",
        found,
        hours,
        host_name="PC-VT-07",
        mac="00-17-A4-B2-C3-D4",
        grade="certain",
        addresses=["10.20.3.41", "10.20.3.58"],
    )


def _direct() -> dict[str, Any]:
    found = [_finding("203.0.113.77", "address", "connected", sightings=9, connections=9, row=88)]
    return _device("10.20.3.17", "10.20.3.17", found, {_at(1, 22): 2, _at(3, 23): 7})


def _ambiguous() -> dict[str, Any]:
    found = [_finding("update.loader.example", "name", "blocked", sightings=6, label="QakBot")]
    hours = {_at(4, 10): 6}
    rivals = ["PC-KT-02 (00-17-A4-00-11-22)", "10.20.3.90"]
    return _device("10.20.3.88", "10.20.3.88", found, hours, grade="ambiguous", rivals=rivals)


def _blocked() -> dict[str, Any]:
    found = [_finding("dns.example", "name", "answered", sightings=31, allow=["resolver", "cdn"])]
    return _device("10.20.4.12", "10.20.4.12", found, {_at(0, 7): 1, _at(6, 10): 30})


def _timeless() -> dict[str, Any]:
    found = [
        _finding("198.51.100.200", "address", "asked", sightings=1, first_seen=None, last_seen=None)
    ]
    return _device("10.20.9.3", "10.20.9.3", found, {}, grade="unknown")


def _coverage() -> dict[str, Any]:
    folder = "chứng cứ/xã Tân Sơn"
    sources = [
        _source(f"{folder}/zeek/dns.log", "zeek-tsv", range(7), ALL_DAY, sightings=61),
        _source(f"{folder}/zeek/conn.log", "zeek-tsv", range(7), ALL_DAY, sightings=42),
        _source(f"{folder}/zeek/ssl.log.gz", "zeek-tsv", (0, 1, 2), ALL_DAY, codec="gzip"),
        _source(f"{folder}/suricata/eve.json", "suricata-eve", (0, 1, 3, 4, 5, 6), OFFICE),
        _source(f"{folder}/fortigate/traffic.log", "fortigate", (0, 1, 3, 4), OFFICE, sightings=9),
        _source(f"{folder}/fortigate/dns.log.zst", "fortigate", (4,), OFFICE, codec="zstd"),
        _source("xã Đại An/zeek/dns.log", "zeek-json", range(2, 7), OFFICE, sightings=31),
        _source("xã Đại An/zeek/dns (1).log", "zeek-json", range(2, 7), OFFICE),
        _source(
            "xã Đại An/squid/access.log", "squid", range(3), range(8, 12), zone=ZONE.tzname(None)
        ),
        _source(f"{folder}/router.log", "text", (), (), sightings=1),
    ]
    sources[7]["duplicate_of"] = sources[6]["path"]
    at_work = {0: 14, 1: 15, 3: 13, 4: 15, 5: 2, 6: 3}
    alive = {
        (START + timedelta(days=day)).date().isoformat(): [
            "10.20.3.41",
            *(["10.20.3.17"] if day < 5 else []),
            *(f"10.20.3.{one}" for one in range(100, 100 + count)),
        ]
        for day, count in at_work.items()
    }
    for one in sources:
        # On the third day (14/9) the power was off: no source has a line.
        one["hours"] = {at: n for at, n in one["hours"].items() if not at.startswith("2022-09-14")}
    return {
        "sources": sources,
        "alive": alive,
        "clocks": _clocks(*(one["path"] for one in sources[:5])),
        "record_notes": [
            {
                "kind": "two-servers",
                "what": "hai máy chủ DHCP cùng cấp một địa chỉ cho hai máy",
                "count": 7,
                "places": [{"path": f"{folder}/dhcpd.leases", "offset": 4096}],
            }
        ],
    }


def _clocks(reference: str, *paths: str) -> list[dict[str, Any]]:
    offsets = ((0.4, 0.1, False), (3723.0, 1.0, True), (-31.6, 0.5, True), (400.0, 90.0, False))
    return [
        {
            "path": path,
            "reference": reference,
            "offset_s": offset,
            "spread_s": spread,
            "pairs": 1204,
            "used": used,
        }
        for path, (offset, spread, used) in zip(paths, offsets, strict=True)
    ]


def own_tables() -> dict[str, Any]:
    """Return what a manifest keeps of an inventory with flaws and a column of people."""
    flaw = {"path": "bang-ke.xlsx", "sheet": "Máy", "flaw": "mac-twice", "excerpt": "00-17-A4-01"}
    what = "hai máy có cùng địa chỉ MAC"
    left = {"path": "bang-ke.xlsx", "sheet": "Máy", "heading": "Người sử dụng", "values": 41}
    return {
        "machines": 41,
        "networks": None,
        "publics": [],
        "overrides": None,
        "flaws": 3,
        "flaw_rows": [
            {**flaw, "row": 1017, "what": what, "other_row": 12},
            {**flaw, "row": 18, "what": "dòng này không nêu máy nào", "other_row": None},
        ],
        "left_out": [left],
    }


def _source(
    path: str, form: str, days: Any, hours: Any, *, sightings: int = 0, **more: Any
) -> dict[str, Any]:
    filled = {_at(day, hour): 400 + 37 * hour for day in days for hour in hours}
    lines = sum(filled.values()) or 812
    return {
        "path": path,
        "format": form,
        "dataset": form,
        "codec": "plain",
        "sha256": _digest(path),
        "piece_bytes": 67108864,
        "bytes": lines * 143,
        "lines": lines,
        "candidates": sightings,
        "sightings": sightings,
        "rejects": 2 if form == "squid" else 0,
        "first": min(filled, default=None),
        "last": max(filled, default=None),
        "hours": filled,
        "alive": {_at(day, 0)[:10]: 12 + day % 4 for day in days},
        "zone": None,
        "duplicate_of": None,
    } | more


def _unread() -> list[dict[str, str]]:
    return [
        {
            "path": "xã Đại An/zeek/conn.log.gz",
            "code": "E106",
            "what": "dữ liệu nén bị đứt ở byte 18.874.368 của văn bản đã giải nén",
            "todo": "Phần trước đó đã được tính. Hãy lấy lại tệp từ nguồn.",
        },
        {
            "path": "xã Đại An/chụp gói.pcap",
            "code": "E105",
            "what": "dữ liệu nhị phân, không phải nhật ký văn bản (pcap)",
            "todo": "Hãy xuất ra văn bản.",
        },
    ]


def _rejects() -> dict[str, Any]:
    return {
        "total": 2,
        "by_reason": {"bad-time": 1, "not-json": 1},
        "rows": [
            {
                "path": "xã Đại An/squid/access.log",
                "offset": 88012,
                "reason": "bad-time",
                "excerpt": "?? 12 10.20.3.4 TCP_MISS/200 512 GET http://a.example/",
            },
            {
                "path": "xã Đại An/zeek/dns.log",
                "offset": 1048576,
                "reason": "not-json",
                "excerpt": '{"ts": 1662945322.1, "id.orig_h": "10.20.3',
            },
        ],
    }
