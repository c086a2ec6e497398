"""Ten thousand mails about alerts: what stands in them, how many there are, when silence climbs.

`python -m bench.alert_mails [units]` fills a portal with made-up units, machines, persons and
indicators, sends their alerts through the portal's outbox to a real mail server (aiosmtpd) on the
loopback, on a clock of its own, and looks for each of those words in each mail: raw, and all of
its headers and parts decoded. It returns 1 where one is found or a count is not as it should be.
"""

import base64
import email
import email.policy
import os
import re
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PROVINCES = 34
SIGHTINGS, MACHINES = 500, 100
SCANNED = 500
"""So many links are opened as a link scanner does."""

TOKEN = re.compile(rb"zq[0-9a-z]{8}", re.IGNORECASE)
"""All that a mail must not hold is named by such a word, or is an address."""

ADDRESS = re.compile(
    rb"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|2001:db8:",
    re.IGNORECASE,
)
LINK = re.compile(r"https?://\S*?(/alert/\S+)")
WEDNESDAY = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
"""Eight in the morning here, half an hour after work begins."""


@dataclass
class BenchClock:
    """The clock of the portal in this process."""

    now: datetime = WEDNESDAY

    def __call__(self) -> datetime:
        """Return the time; it goes on by a little each time that it is asked."""
        self.now += timedelta(microseconds=1)
        return self.now


@dataclass
class MailSink:
    """A mail server that takes everything and keeps it as it came."""

    mails: list[tuple[str, bytes]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a mail."""
        self.mails.append((envelope.rcpt_tos[0], bytes(envelope.content)))
        return "250 2.0.0 taken"


def texts_of(content: bytes) -> list[bytes]:
    """Return a mail as it came, then each of its headers and parts decoded."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    texts = [content, *(f"{name}: {value}".encode() for name, value in message.items())]
    for part in message.walk():
        texts += [f"{name}: {value}".encode() for name, value in part.items()]
        decoded = part.get_payload(decode=True)
        texts += [decoded] if isinstance(decoded, bytes) else []
    return texts


def leaks_of(content: bytes) -> list[bytes]:
    """Return what stands in a mail and must not."""
    return [
        match
        for text in texts_of(content)
        for pattern in (TOKEN, ADDRESS)
        for match in pattern.findall(text)
    ]


def free_port() -> int:
    """Return a port of the loopback on which nobody listens."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def main(arguments: Sequence[str]) -> int:
    """Make, send, look, print."""
    from aiosmtpd.controller import Controller

    units = int(arguments[0]) if arguments else 2000
    sink, clock = MailSink(), BenchClock()
    with tempfile.TemporaryDirectory(prefix="bench-alert-mails-") as home:
        controller = Controller(sink, hostname="127.0.0.1", port=free_port())
        controller.start()
        try:
            _set_up(home, controller.port, clock)
            problems = _run(sink, clock, units, Path(home))
        finally:
            controller.stop()
    for problem in problems:
        print(f"WRONG: {problem}")
    return 1 if problems else 0


def _set_up(home: str, port: int, clock: BenchClock) -> None:
    os.environ |= {
        "QUETSACH_HOME": home,
        "QUETSACH_SECOND_FACTOR": "off",
        "QUETSACH_HOSTS": "testserver",
        "QUETSACH_URL": "https://portal.example",
        "QUETSACH_SMTP_HOST": "127.0.0.1",
        "QUETSACH_SMTP_PORT": str(port),
        "QUETSACH_MAIL_PER_SECOND": "0",
        "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
    }
    from django.utils import timezone

    # Before the tables are loaded, whose fields take their time from it.
    timezone.now = clock
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _run(sink: MailSink, clock: BenchClock, units: int, home: Path) -> list[str]:
    from django.utils import timezone

    hidden = base64.b64encode("Máy zq01234567".encode())
    searched = set(leaks_of(b"Subject: =?utf-8?b?" + hidden + b"?=\r\n\r\n10.1.2.3"))
    problems = [] if searched == {b"10.1.2.3", b"zq01234567"} else ["the search finds nothing"]
    nodes, secrets = _fill(units)
    print(f"{units} units, {len(secrets)} words that no mail may hold")

    def sent(moment: datetime) -> int:
        clock.now = max(clock.now, moment)
        before = len(sink.mails)
        _look_after()
        print(f"{timezone.localtime():%a %H:%M}: {len(sink.mails) - before} mails", flush=True)
        return len(sink.mails) - before

    began = clock.now
    _raise_all(nodes, began)
    expected = [("at once", sent(began + timedelta(seconds=30)), units)]
    scanned, answers = _scan(sink)
    for name, moment, count in _moments(began, units):
        expected.append((name, sent(moment), count))
    for name, count, wanted in expected:
        print(f"{name}: {count}")
        problems += [] if count == wanted else [f"{name}: {count} mails, not {wanted}"]
    problems += _burst(sink, clock, nodes[0], home)
    print(f"{scanned} links opened as a link scanner does: {answers} answers")
    problems += [f"{answers} answers by GET"] if answers else []
    leaks = Counter(match for _to, content in sink.mails for match in leaks_of(content))
    print(f"{len(sink.mails)} mails: {sum(leaks.values())} leaks {dict(leaks.most_common(5))}")
    return problems + [f"{leak!r} in {count} places" for leak, count in leaks.items()]


def _moments(began: datetime, units: int) -> list[tuple[str, datetime, int]]:
    """Return the moments of the days after `began` with how many mails are due at each."""
    from quetsach_portal.campaigns.deadlines import after_working_hours

    first = after_working_hours(began, 8)
    second = after_working_hours(first, 8)
    minute = timedelta(minutes=1)
    mornings = [
        (began + timedelta(days=day)).replace(hour=0, minute=30, second=0) for day in (1, 2)
    ]
    moments = [("a minute before 8 hours of work", first - minute, 0)]
    moments += [("8 hours of work without an answer, to the office above", first + minute, units)]
    moments += [("a minute before 16 hours of work", second - minute, 0)]
    # The look that found the first silence came a minute late.
    moments += [("16 hours of work, to the lead office", second + 2 * minute, units)]
    moments += [("three hours later", second + timedelta(hours=3), 0)]
    for morning in mornings:
        moments += [("before the morning's digest", morning - minute, 0)]
        moments += [("the morning's digest", morning + minute, units)]
    return sorted(moments, key=lambda named: named[1])


def _fill(units: int) -> tuple[list[Any], set[str]]:
    """Return the nodes that have machines, each with a technician, and all words of those."""
    from bench.portal_tree import make_contacts, make_tree
    from quetsach_portal.campaigns.models.campaign import CampaignNode
    from quetsach_portal.people.models.account import User
    from quetsach_portal.people.models.roles import Assignment, Role
    from quetsach_portal.units.models import OrgUnit, UnitContact

    campaign, owner = make_tree(1 + PROVINCES + units, phases=1)
    make_contacts(campaign, left_out=0)
    UnitContact.objects.update(disabled_reason="")
    User.objects.filter(pk=owner.pk).update(name=f"Chủ trì {_word('o', 0)}")
    communes = OrgUnit.objects.filter(depth=2).order_by("pk")
    people = [
        User(email=f"kt{place}@donvi.example", name=f"Nguyễn Văn {_word('p', place)}")
        for place, _unit in enumerate(communes[::2])
    ]
    User.objects.bulk_create(people)
    Assignment.objects.bulk_create(
        Assignment(user=user, unit=unit, role=Role.TECHNICIAN)
        for user, unit in zip(people, communes[::2], strict=True)
    )
    nodes = CampaignNode.objects.filter(campaign=campaign, unit__depth=2).order_by("pk")
    nodes = list(nodes.select_related("campaign", "unit", "parent__unit"))
    return nodes, {user.name for user in people} | _machines(nodes)


def _word(kind: str, number: int) -> str:
    return f"zq{kind}{number:07x}"


def _machines(nodes: Sequence[Any]) -> set[str]:
    """Give each node one to four machines with a case each; return all that names them."""
    from quetsach_portal.cases.models.case import Case, CaseEvent, Device, Finding, Sighting

    devices, names = [], set()
    for place, node in enumerate(nodes):
        for turn in range(1 + place % 4):
            number = 4 * place + turn
            ip = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            device = Device(
                node=node,
                key=f"{_word('k', number)}",
                engine_key=ip,
                label=f"Máy {_word('l', number)}",
                host_name=f"{_word('h', number)}.donvi.example",
                mac=f"02:00:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}",
                addresses=[ip],
                grade="certain",
                place=f"phòng {_word('r', number)}",
            )
            names |= {device.key, ip, device.label, device.host_name, device.mac, device.place}
            devices.append(device)
    Device.objects.bulk_create(devices)
    Case.objects.bulk_create(Case(node=device.node, device=device) for device in devices)
    cases = list(Case.objects.order_by("pk"))
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, kind="opened", detail={"source": _word("s", place)})
        for place, case in enumerate(cases)
    )
    findings = []
    for place, device in enumerate(devices):
        met = f"{_word('i', place)}.example"
        row = {"key": met, "shown": met, "family": _word("f", place)}
        findings.append(Finding(origin=device, device=device, listed_in=_word("d", place), **row))
    Finding.objects.bulk_create(findings)
    Sighting.objects.bulk_create(
        Sighting(finding=finding, number=f"{place:032x}", raw=f"{_word('w', place)} asked")
        for place, finding in enumerate(findings)
    )
    return names | {finding.shown for finding in findings}


def _raise_all(nodes: Sequence[Any], since: datetime) -> None:
    from django.db import transaction

    from quetsach_portal.alerts.raising import raise_for, tell

    for node in nodes:
        with transaction.atomic():
            raise_for(node, since - timedelta(days=1))
            tell(node)


def _look_after() -> None:
    """Do what the portal does each minute, and send what it asked for."""
    from django.utils import timezone

    from quetsach_portal.config.jobs import JOBS
    from quetsach_portal.jobs.queue import enqueue
    from quetsach_portal.jobs.worker import run_ready
    from quetsach_portal.mail.models import OutboxMail, OutboxState

    enqueue("alerts.look_after", key=f"alerts.look_after:{timezone.now().isoformat()}")
    while run_ready(JOBS):
        if not OutboxMail.objects.filter(state=OutboxState.QUEUED).exists():
            break


def _scan(sink: MailSink) -> tuple[int, int]:
    """Open the links of mails, and all that their pages link to; return links and answers."""
    from django.test import Client

    from quetsach_portal.alerts.models import Alert

    client, opened = Client(), 0
    for _to, content in sink.mails[:SCANNED]:
        message = email.message_from_bytes(content, policy=email.policy.default)
        for path in LINK.findall(message.get_content()):
            page = client.get(path)
            assert page.status_code == 200, (path, page.status_code)
            targets = re.findall(r'(?:href|action)="(/alert/[^"]*)"', page.content.decode())
            for target in {path, *targets}:
                client.head(target)
                client.get(f"{target}?answer=found")
            opened += 1
    assert opened == min(SCANNED, len(sink.mails)), opened
    return opened, Alert.objects.exclude(answer="").count()


def _burst(sink: MailSink, clock: BenchClock, node: Any, home: Path) -> list[str]:
    """Let a unit hand in 500 sightings at once; return what is wrong with its mails."""
    from quetsach.api import sweeps
    from quetsach_portal.alerts.models import Alert
    from quetsach_portal.cases.attaching import attach

    rows = [
        f"{WEDNESDAY.timestamp() + turn:.6f}\tC{turn}\t10.77.0.{1 + turn % MACHINES}\t50000\t"
        "203.0.113.77\t443\ttcp\tssl\t1.5\t100\t100\tSF\n"
        for turn in range(SIGHTINGS)
    ]
    from bench.portal_watch import FIELDS, HEAD

    log, listed = home / "conn.log", home / "list.txt"
    log.write_text(HEAD + FIELDS + "".join(rows))
    listed.write_text("203.0.113.77\n")
    sweeps.sweep(sweeps.sweep_request(evidence=[str(log)], lists=[listed], out=home / "burst"))
    before, alerts = len(sink.mails), Alert.objects.count()
    attach(campaign=node.campaign, node=node, folder=home / "burst", source="bench", actor=None)
    for _minute in range(20):
        clock.now += timedelta(minutes=1)
        _look_after()
    mails, machines = len(sink.mails) - before, Alert.objects.count() - alerts
    print(f"{SIGHTINGS} sightings of {machines} machines of one unit: {mails} mail")
    return [] if (mails, machines) == (1, MACHINES) else [f"{mails} mails, {machines} machines"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
