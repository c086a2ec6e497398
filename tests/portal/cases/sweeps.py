"""Findings folders made by the engine from logs of an office, and a demo district swept once."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from quetsach.api import inventory, sweeps
from quetsach_portal.cases import actions
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.models.case import Case, HandlingKind
from quetsach_portal.people.models.roles import Role
from tests.portal.world import World
from tests.sweeping.evidence import FIELDS

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
BAD = "203.0.113.77"
WORSE = "203.0.113.88"
HOURS = range(7, 18)

Contact = tuple[int, str, str]
"""How many days ago, which host, which indicator."""


def days_ago(number: int) -> date:
    """Return the local day so many days before today."""
    return timezone.localdate() - timedelta(days=number)


def at(number: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment so many days ago, aware."""
    return datetime.combine(days_ago(number), time(hour, minute), tzinfo=HERE)


def _line(moment: datetime, source: str, destination: str) -> str:
    fields = (f"{moment.timestamp():.6f}", f"C{source[-2:]}{moment:%d%H%M}", source, "50000")
    tail = (destination, "443", "tcp", "ssl", "1.5", "100", "100", "SF")
    return "\t".join((*fields, *tail)) + "\n"


def office_log(path: Path, day: int, hosts: Iterable[str], contacts: Iterable[Contact]) -> Path:
    """Write one day of conn.log in which each host speaks each working hour."""
    moments = [(at(day, hour, 5), host, "192.0.2.200") for hour in HOURS for host in hosts]
    moments += [(at(day, 9, 30), host, met) for ago, host, met in contacts if ago == day]
    lines = [_line(*one) for one in sorted(moments)]
    path.parent.mkdir(parents=True, exist_ok=True)
    head = (
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    )
    path.write_text(head + FIELDS + "".join(lines))
    return path


def findings_of(
    place: Path,
    *,
    days: Sequence[int],
    contacts: Sequence[Contact] = (),
    hosts: Sequence[str] = ("10.1.1.11", "10.1.1.12"),
    listed: str = f"{BAD}\n{WORSE}\n",
    name: str = "findings",
    decisions: Path | None = None,
    plan: str = "",
    list_name: str = "list.txt",
) -> Path:
    """Sweep the logs of `days` (as numbers of days ago) and return the findings folder."""
    evidence = [
        office_log(place / "logs" / f"{days_ago(day)}" / "conn.log", day, hosts, contacts)
        for day in days
    ]
    lists = place / list_name
    lists.write_text(listed)
    out = place / name
    own = inventory.OwnTables()
    if plan:
        (place / "plan.csv").write_text(plan)
        own = inventory.OwnTables(plan=(place / "plan.csv",))
    request = sweeps.sweep_request(
        evidence=[str(one) for one in evidence],
        lists=[lists],
        out=out,
        decisions=decisions,
        own=own,
    )
    sweeps.sweep(request)
    return out


Take = Callable[..., AttachResult]


PC = "10.1.1.11"


def clean(world: World, case: Case, ago: int, kind: HandlingKind = HandlingKind.CLEANED) -> None:
    actions.record_handling(
        case.pk, kind=kind, at=at(ago, 16), actor=world.user("TC01", Role.TECHNICIAN)
    )


def infected(tmp_path: Path, ago: int = 20) -> Path:
    return findings_of(tmp_path, days=[ago], contacts=[(ago, PC, BAD)], name="first")


def silent(
    tmp_path: Path, *, days: range, name: str = "later", hosts: tuple[str, ...] = ()
) -> Path:
    return findings_of(
        tmp_path, days=list(days), contacts=[], name=name, hosts=hosts or (PC, "10.1.1.12")
    )


Take = Callable[..., AttachResult]


def change_devices(folder: Path, change: Callable[[dict[str, object]], None]) -> None:
    """Change devices.json and make the digests fit again, as a forger would."""
    devices = json.loads((folder / "devices.json").read_text())
    change(devices)
    (folder / "devices.json").write_text(json.dumps(devices))
    manifest = json.loads((folder / "manifest.json").read_text())
    from quetsach.findings.folder import digests_of

    manifest["files"] = digests_of(folder)
    (folder / "manifest.json").write_text(json.dumps(manifest))
