"""A device that could ask a public resolver unseen is named in coverage, and blamed for nothing."""

import json
from pathlib import Path

from quetsach.api import problems
from tests.sweeping.evidence import HEADER, conn, swept, write


def test_the_devices_whose_dns_no_log_shows_are_named(tmp_path: Path) -> None:
    log = write(
        tmp_path / "conn.log",
        HEADER
        + conn(1, "10.0.0.5", "1.1.1.1", port=443)
        + conn(2, "10.0.0.6", "8.8.8.8", port=53)
        + conn(3, "203.0.113.9", "9.9.9.9", port=853),
    )
    quiet = "".join(
        f"Sep 12 07:00:0{n % 10} gw dnsmasq[1]: query[A] site{n}.example from 10.0.0.8\n"
        for n in range(400)
    )
    asks = "Sep 12 07:09:00 gw dnsmasq[1]: query[A] dns.google from 10.0.0.7\n"
    dns = write(tmp_path / "dnsmasq.log", quiet + asks + quiet)
    summary = swept(tmp_path, log, dns)
    coverage = json.loads((tmp_path / "findings" / "coverage.json").read_text())
    told = [(one["device"], one["resolver"]) for one in coverage["blind_spots"]]
    assert told == [("10.0.0.5", "1.1.1.1"), ("10.0.0.7", "dns.google")]
    assert (summary["blind_spots"], summary["devices"]) == (2, [])
    report = (tmp_path / "findings" / "report.html").read_text(encoding="utf-8")
    assert "dns.google" in report
    assert problems.exit_code(summary) in (0, 3)
