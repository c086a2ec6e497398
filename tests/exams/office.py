"""An office made for exams: known machines, their connections, and the logs that show them.

Addresses move from machine to machine every hour, so that a wrong clock names the wrong one.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.api.exams import RECEIPTS, GradedExam, GradeRequest, grade_exam, make_exam
from quetsach.exams.truth import ExamTruth, Occasion, exam_id, open_truth
from quetsach.sweeping.own_network import OwnTables
from tests.sweeping.evidence import write

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST_DAY = datetime(2026, 11, 16, tzinfo=ZONE)
HOURS = 48
PUBLIC = "198.51.100.5"
SERVER = "203.0.113.80"
SEED = "5e" * 32


@dataclass(frozen=True)
class ExamOffice:
    """Machines by name and hardware address; knobs for what is wrong in the office's records."""

    folder: Path
    count: int = 5
    dhcp_off: timedelta = timedelta()
    macs_in_table: Mapping[int, int] = field(default_factory=dict)

    @property
    def exam(self) -> Path:
        """The folder of the exam."""
        return self.folder / "exam"

    def name(self, place: int) -> str:
        """Return the name of a machine."""
        return f"PC-KT-{place + 1:02d}"

    def mac(self, place: int) -> str:
        """Return the hardware address of a machine."""
        return f"00:17:a4:00:00:{place + 1:02x}"

    def address(self, place: int, when_s: float) -> str:
        """Return the address that a machine holds at a time: every hour another one."""
        hour = int(when_s - FIRST_DAY.timestamp()) // 3600
        return f"192.168.5.{20 + (place + hour) % self.count}"

    def inventory(self) -> Path:
        """Write the office's own table, with the hardware addresses that it believes in."""
        rows = [
            f"{self.name(place)},{self.mac(self.macs_in_table.get(place, place))}"
            for place in range(self.count)
        ]
        return write(self.folder / "machines.csv", "host_name,mac\n" + "\n".join(rows) + "\n")

    def leases(self) -> str:
        """Return the log of the router that gives out addresses, for an hour each."""
        lines = []
        for hour in range(HOURS):
            when = FIRST_DAY + timedelta(hours=hour, seconds=1) + self.dhcp_off
            for place in range(self.count):
                address = self.address(place, (FIRST_DAY + timedelta(hours=hour)).timestamp())
                who = f"{self.mac(place)} ({self.name(place)})"
                lines.append(
                    f"{when.isoformat()} gw dhcpd[811]: DHCPACK on {address} to {who} via eth0"
                    " relay 192.168.5.1 lease-duration 3600\n"
                )
        return "".join(lines)

    def draw(self, each: int = 4, server: str = SERVER) -> tuple[ExamTruth, str]:
        """Make the exam and return its truth and commitment."""
        made = make_exam(
            self.exam,
            machines=[self.inventory()],
            name="exam.example",
            from_time="2026-11-16T00:30",
            until_time="2026-11-17T23:00",
            server=server,
            each=each,
            seed=SEED,
        )
        return open_truth(self.exam, made.commitment)

    def connect(self, truth: ExamTruth, *, without: frozenset[str] = frozenset()) -> None:
        """Write what the logs show of the occasions, and the receipts."""
        exam = exam_id((self.exam / "commitment.txt").read_text().split()[0])
        logs = self.folder / "logs"
        write(logs / "dhcp.log", self.leases())
        done = [one for one in truth.occasions if one.mark not in without]
        done.sort(key=lambda occasion: occasion.when_s)
        write(logs / "dns.log", "".join(self._dns(truth, one) for one in done))
        write(logs / "conntrack.log", "".join(self._translated(one) for one in done))
        for occasion in done:
            self.receive(exam, occasion)

    def receive(self, exam: str, occasion: Occasion, **changed: Any) -> Path:
        """Write the receipt of an occasion as the machine itself would, but for `changed`."""
        receipt = {
            "format": "quetsach-exam-receipt/1",
            "exam": exam,
            "mark": occasion.mark,
            "at": occasion.when_s,
            "utc_offset": "+0700",
            "host": self.name(occasion.machine),
            "macs": [self.mac(occasion.machine)],
            "addresses": ["127.0.0.1", self.address(occasion.machine, occasion.when_s)],
            "port": occasion.port,
            "asked": True,
            "connected": True,
            **changed,
        }
        path = self.exam / RECEIPTS / f"receipt-{occasion.mark}.json"
        return write(path, json.dumps(receipt))

    def server_log(self, truth: ExamTruth) -> Path:
        """Write what the exam's server saw from outside."""
        rows = [
            f"{datetime.fromtimestamp(one.when_s, tz=UTC).isoformat()},{PUBLIC},"
            f"{self.public_port(one)},{truth.mark_name(one.mark)}"
            for one in truth.occasions
        ]
        return write(self.folder / "server.csv", "time,address,port,mark\n" + "\n".join(rows))

    def grade(self, **more: Any) -> GradedExam:
        """Grade the exam with the logs and the inventory of the office."""
        own = OwnTables(inventory=[self.folder / "machines.csv"], public=[PUBLIC])
        request = GradeRequest(self.exam, [str(self.folder / "logs")], own=own, **more)
        return grade_exam(request)

    def public_port(self, occasion: Occasion) -> int:
        """Return the port that the router gives a connection outside."""
        return occasion.port + 20_000

    def _dns(self, truth: ExamTruth, occasion: Occasion) -> str:
        address = self.address(occasion.machine, occasion.when_s)
        row = {
            "ts": occasion.when_s + 0.25,
            "uid": f"C{occasion.mark}",
            "id.orig_h": address,
            "id.orig_p": random.Random(occasion.mark).randrange(40_000, 60_000),
            "id.resp_h": "192.168.5.1",
            "id.resp_p": 53,
            "proto": "udp",
            "query": truth.mark_name(occasion.mark),
            "qtype_name": "A",
            "rcode_name": "NXDOMAIN",
        }
        return json.dumps(row) + "\n"

    def _translated(self, occasion: Occasion) -> str:
        inside = self.address(occasion.machine, occasion.when_s)
        there = f"src={inside} dst={SERVER} sport={occasion.port} dport=80"
        back = f"src={SERVER} dst={PUBLIC} sport=80 dport={self.public_port(occasion)}"
        head = f"[{occasion.when_s}.500000]\t    [NEW] tcp      6 120 SYN_SENT"
        return f"{head} {there} [UNREPLIED] {back}\n"
