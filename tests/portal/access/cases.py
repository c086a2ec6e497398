"""Who may open the pages of the app `cases`."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.models.case import Case, Finding
from quetsach_portal.people.models.roles import Role
from tests.portal.access.row import ALL, Row
from tests.portal.cases import rows
from tests.portal.files.samples import pdf
from tests.portal.world import World

Arguments = Mapping[str, Any]


def _case(world: World, code: str) -> Arguments:
    return {"case_id": rows.make_case(world, code).pk}


def _step(world: World, code: str) -> Arguments:
    return {**_case(world, code), "code": "scan"}


def _two_findings(world: World, code: str) -> Arguments:
    case = rows.make_case(world, code)
    rows.make_finding(case.device, "hai.example")
    return {"case_id": case.pk}


def _two_cases(world: World, code: str) -> Arguments:
    rows.make_case(world, code, "192.0.2.12")
    return _case(world, code)


def _closed(world: World, code: str) -> Arguments:
    return {"case_id": rows.make_closed(world, code).pk}


def _finding(world: World, code: str) -> Arguments:
    case = rows.make_case(world, code)
    return {"case_id": case.pk, "finding_id": Finding.objects.get(device=case.device).pk}


def _handling(world: World, code: str) -> Arguments:
    handling = rows.make_handling(world, code)
    return {"case_id": handling.case_id, "handling_id": handling.pk}


def _file(world: World, code: str) -> Arguments:
    return {"file_id": rows.make_file(world, code).pk}


def _own_alarm(world: World, code: str) -> Arguments:
    alarm = rows.make_alarm(world, code)
    return {"case_id": alarm.case_id, "alarm_id": alarm.pk}


def _alarm(world: World, code: str) -> Arguments:
    return {"alarm_id": rows.make_alarm(world, code).pk}


def _joined(world: World, code: str) -> Arguments:
    case, device = rows.make_joined(world, code)
    return {"case_id": case.pk, "device_id": device.pk}


def _node(world: World, code: str) -> Arguments:
    return {"node_id": rows.node_of(world, code).pk}


def _batch(world: World, code: str) -> Arguments:
    return {"batch_id": rows.make_batch(world, code).pk}


def _campaign(world: World, code: str) -> Arguments:
    if world.campaign is not None and world.campaign.lead_unit == world.units[code]:
        return {"campaign_id": world.campaign.pk}
    made = Campaign.objects.create(
        title="Khác",
        lead_unit=world.units[code],
        created_by=world.user(code, Role.LEAD_OWNER),
    )
    return {"campaign_id": made.pk}


def _version(arguments: Arguments) -> int:
    return Case.objects.get(pk=arguments["case_id"]).version


def _told(world: World, code: str, arguments: Arguments) -> Arguments:
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    return {"kind": "cleaned", "at": at, "told": "gỡ", "version": _version(arguments)}


def _scan(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"result": "removed", "tool": "A", "version": _version(arguments)}


def _work(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"label": "Máy quầy 2", "version": _version(arguments)}


def _proposal(world: World, code: str, arguments: Arguments) -> Arguments:
    told = {"keys": "xau.example", "scope": "unit", "reason": "máy chủ của đơn vị"}
    return {**told, "version": _version(arguments)}


def _other(world: World, code: str, arguments: Arguments) -> Arguments:
    others = Case.objects.filter(node=world.nodes[code]).exclude(pk=arguments["case_id"])
    return {"other": others.get().pk}


def _second(world: World, code: str, arguments: Arguments) -> Arguments:
    second = Finding.objects.get(key="hai.example", device__cases=arguments["case_id"])
    return {"findings": second.pk, "label": "Máy 2"}


def _agree(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"says": "agree", "version": _version(arguments)}


def _upload(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"upload": rows.Rewound("bien-ban.pdf", pdf())}


def _notices(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"source": "notices", "upload": rows.Rewound("canh-bao.csv", b"timestamp,ip\n")}


def _request(world: World, code: str) -> Arguments:
    return {"request_id": rows.make_request(world, code).pk}


def _letter(world: World, code: str, arguments: Arguments) -> Arguments:
    return {"upload": rows.Rewound("van-ban.txt", "Kính gửi".encode()), "zone": ""}


WORKERS = "FP TE"

ROWS = (
    Row("cases:index", get="FP TE LO LA CO SG AU"),
    Row("cases:bulk", get=None, post=WORKERS, data={"go": "1", "act": "isolate"}),
    Row("cases:show", make=_case, get=WORKERS),
    Row("cases:why", make=_finding, get=WORKERS),
    Row("cases:sheet", make=_case, get=WORKERS),
    Row("cases:sheet_file", make=_case, get=WORKERS),
    Row("cases:handle", make=_case, get=WORKERS, post=WORKERS, data=_told),
    Row("cases:withdraw_handling", make=_handling, get=None, post=WORKERS),
    Row("cases:work", make=_case, get=WORKERS, post=WORKERS, data=_work),
    Row("cases:step", make=_step, get=None, post=WORKERS, data=_scan),
    Row("cases:add_file", make=_case, get=None, post=WORKERS, data=_upload),
    Row("cases:file", make=_file, get=WORKERS),
    Row("cases:says", make=_case, get=None, post="FP", seen="TE", data={"says": "clean"}),
    Row("cases:propose", make=_case, get=WORKERS, post=WORKERS, data=_proposal),
    Row("cases:withdraw_alarm", make=_own_alarm, get=None, post="FP", seen="TE"),
    Row("cases:join", make=_two_cases, get="FP", post="FP", seen="TE", data=_other),
    Row("cases:split", make=_two_findings, get="FP", post="FP", seen="TE", data=_second),
    Row("cases:separate", make=_joined, get=None, post="FP", seen="TE"),
    Row("cases:counts", get="LO LA CO SG AU"),
    Row(
        "cases:counts_of",
        make=_node,
        get={"own": "LO LA CO SG AU", "child": "LO LA CO SG AU"},
    ),
    Row("cases:checks", get="LO CO"),
    # Nobody verifies the cases of their own unit.
    Row("cases:check", make=_closed, get={"child": "LO CO"}, post={"child": "LO CO"}, data=_agree),
    Row(
        "cases:rule",
        make=_campaign,
        seat="TC",
        get="LO",
        post="LO",
        seen=ALL,
        data={"due_days": 5, "covered_days": 9, "alive_days": 4},
    ),
    Row("cases:alarms", get="LO"),
    Row(
        "cases:decide",
        make=_alarm,
        seat="TC",
        get={"own": "LO", "child": "LO"},
        post={"own": "LO", "child": "LO"},
        data={"decision": "approve"},
    ),
    Row("cases:end_alarm", make=_alarm, seat="TC", get=None, post={"own": "LO", "child": "LO"}),
    Row("cases:notices", get="FP TE LO"),
    Row("cases:hand_in", make=_node, get="FP TE LO", post="FP TE LO", data=_notices),
    Row("cases:batch", make=_batch, get="FP TE LO"),
    Row("cases:batch_csv", make=_batch, get="FP TE LO"),
    Row("cases:trace_again", make=_batch, get=None, post="FP TE LO"),
    Row("cases:requests", get=WORKERS),
    Row("cases:hand_in_request", make=_node, get=WORKERS, post=WORKERS, data=_letter),
    Row("cases:request", make=_request, get=WORKERS),
    Row("cases:request_again", make=_request, get=None, post=WORKERS, data={"zone": "UTC"}),
    Row(
        "cases:request_letter",
        make=_request,
        get=None,
        post="FP",
        seen=WORKERS,
        data={"form": "docx"},
    ),
)
