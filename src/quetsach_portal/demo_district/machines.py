"""Collections of machines in the demo: one commune has looked at all, others at a part."""

import io
import uuid
import zipfile
from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.config.jobs import JOBS
from quetsach_portal.demo_district.accounts import DemoPerson, of_role
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.intake.actions import begin_and_send
from quetsach_portal.jobs.worker import run_ready
from quetsach_portal.looks.machines import say_no_logs
from quetsach_portal.looks.models import UnitMachine
from quetsach_portal.people.models.roles import Role

LOOKED_AT = {"TC01": 100, "TC12": 50, "TC17": 30}
"""At which share of its machines, in percent, a unit has looked on the spot."""

NO_LOGS = "TC01"
"""A unit that says it has no more logs of its network than it handed in."""

_CONNECTIONS = "LocalAddress\tLocalPort\tRemoteAddress\tRemotePort\tState\tOwningProcess\r\n"
_NAMES = "Entry\tRecordName\tRecordType\tStatus\tSection\tTimeToLive\tDataLength\tData\r\n"


def hand_in_collections(nodes: Mapping[str, CampaignNode], accounts: Sequence[DemoPerson]) -> None:
    """Let some units hand in what the collector packed on their machines."""
    for code, percent in LOOKED_AT.items():
        node, actor = nodes[code], of_role(list(accounts), Role.FOCAL_POINT, code)
        machines = list(UnitMachine.objects.filter(unit=node.unit, ended_at=None).order_by("pk"))
        chosen = machines[: -(-len(machines) * percent // 100)]
        if chosen:
            begin_and_send(
                node,
                kind="collector",
                upload=FileUpload(SimpleUploadedFile("thu-thap.zip", _packed(chosen))),
                note="Máy của đơn vị",
                token=uuid.uuid4(),
                actor=actor,
            )
    actor = of_role(list(accounts), Role.FOCAL_POINT, NO_LOGS)
    say_no_logs(nodes[NO_LOGS], has_none=True, actor=actor)
    run_ready(JOBS)


def _packed(machines: Sequence[UnitMachine]) -> bytes:
    """Return one zip with a folder for each machine; nothing in it is on any list."""
    packed = io.BytesIO()
    moment = timezone.localtime().isoformat(timespec="seconds")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for machine in machines:
            host = machine.hostname or f"MAY-{machine.pk}"
            mac = next(iter(machine.macs), "-")
            rows = {
                "tcp": f"{_CONNECTIONS}10.0.0.9\t{50000 + machine.pk}\t10.0.0.1\t443\tActive\t4",
                "dnscache": f"{_NAMES}portal.example\tportal.example\t1\t0\t1\t300\t4\t10.0.0.1",
            }
            for holds, text in rows.items():
                first = f"# quetsach-collect 1 holds={holds} host={host} mac={mac} address=-"
                archive.writestr(f"{host}/{holds}.tsv", f"{first} taken={moment}\r\n{text}\r\n")
    return packed.getvalue()
