"""Things in the state in which their form is sent with effect, where the access table needs less.

The access table asks who may open a page; these rows say what stands behind the page when
somebody really acts, and what a person has in hand who fills the form.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from quetsach_portal.campaigns.actions.freezing import freeze
from quetsach_portal.campaigns.actions.preparing import set_tasks
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ExpectedReport
from quetsach_portal.campaigns.tree.choosing import TreeChoice
from quetsach_portal.followup.undoing import undoable_of
from quetsach_portal.letters.models import LetterState
from quetsach_portal.looks.models import UnitLook, UnitLookGrade
from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.table import WrittenRange, add
from quetsach_portal.reports.models.document import (
    DocumentSignature,
    ReportDocument,
    SignatureResult,
    SigningMethod,
)
from quetsach_portal.reports.models.report import ReportVersion
from tests.portal.access import (
    account,
    campaigns,
    cases,
    followup,
    lists,
    reports,
    reports_on_paper,
)
from tests.portal.access.letters import make_letter
from tests.portal.access.row import Row
from tests.portal.campaigns import acting
from tests.portal.cases.rows import Rewound
from tests.portal.followup import acting as followed
from tests.portal.intake.handing_in import publish
from tests.portal.letters import staged
from tests.portal.register.made_up_shapes import grid
from tests.portal.reports import papers
from tests.portal.reports.workbooks.filling import filled
from tests.portal.signing_in import signed_in
from tests.portal.world import PASSWORD, World, make_campaign, make_user

Arguments = Mapping[str, Any]


def _sign_in(world: World, code: str, _arguments: Arguments) -> Arguments:
    return {"login": world.user(code, Role.CLERK).email, "password": PASSWORD}


def _child_submitted(world: World, code: str) -> Arguments:
    children = [one for one, unit in world.units.items() if unit.parent == world.units[code]]
    reports._slot(world, code)
    if children:
        whole = {"seen": 1, "machines": 1, "is_sized": True, "days": 14, "of_days": 14}
        UnitLook.objects.update_or_create(
            node=world.nodes[children[0]], defaults={**whole, "grade": UnitLookGrade.FULL}
        )
        reports._submitted(world, children[0])
    return {"slot_id": reports._slot(world, code).pk}


def _versions(_world: World, _code: str, arguments: Arguments) -> Arguments:
    node = CampaignNode.objects.get(slots=arguments["slot_id"])
    waiting = ReportVersion.objects.filter(slot__node__parent=node)
    return {"version": [one.pk for one in waiting]}


def _certificate(world: World, code: str, _arguments: Arguments) -> Arguments:
    return {"file": Rewound("a.cer", papers.holder(world.units[code].name).der())}


def _document(world: World, code: str, **fields: Any) -> ReportDocument:
    """Return the document of an accepted report, its PDF one that can be signed."""
    version = reports._accepted(world, code)
    shown = reports_on_paper.numbered_of(version, world, code)
    for name, value in fields.items():
        setattr(shown, name, value)
    shown.save()
    return shown


def _unnumbered(world: World, code: str) -> Arguments:
    return {"document_id": _document(world, code, number=None, signed_on=None).pk}


def _numbered(world: World, code: str) -> Arguments:
    return {"document_id": _document(world, code).pk}


def _signed_copy(world: World, code: str, arguments: Arguments) -> Arguments:
    document = ReportDocument.objects.get(pk=arguments["document_id"])
    papers.trusted()
    held = papers.holder(world.units[code].name)
    return {"file": Rewound("da-ky.pdf", papers.signed(papers.content(document.pdf), held))}


def _waiting_range(world: World, code: str) -> Arguments:
    analyst = make_user(world.units[code], Role.LEAD_ANALYST, f"dai.{code}@x.example".lower())
    written = WrittenRange(world.units[code], "203.0.113.0/28")
    add(world.units[code], written, source="Hợp đồng", actor=analyst)
    return {"office_id": world.units[code].pk}


def _case_chosen(world: World, code: str, _arguments: Arguments) -> Arguments:
    case = cases.rows.make_case(world, code)
    return {"case": f"{case.pk}:{case.version}", "act": "isolate"}


def _published(world: World, code: str) -> Arguments:
    if code == "TC":
        return {"campaign_id": publish(world).pk}
    return {"campaign_id": lists._in_force(world, code)["campaign_id"]}


def _shapes(_world: World, code: str, _arguments: Arguments) -> Arguments:
    return {"file": Rewound("ranh-gioi.geojson", grid([code]))}


def _carried(world: World, code: str, arguments: Arguments) -> Arguments:
    """Return what the page that shows a workbook's changes carries to the one that saves them."""
    slot = ExpectedReport.objects.get(pk=arguments["slot_id"])
    browser = signed_in(world.user(code, Role.FOCAL_POINT))
    file = Rewound("bao-cao.xlsx", filled(slot, people_took_part="8"))
    page = browser.post(reverse("report_workbooks:give", args=[slot.pk]), {"file": file})
    return {"carried": page.context["carried"]}


def _signed_document(world: World, code: str) -> Arguments:
    document = _document(world, code)
    DocumentSignature.objects.create(
        document=document,
        seq=1,
        method=SigningMethod.WET_SCAN,
        file=document.pdf,
        result=SignatureResult.ON_PAPER,
        kept_by=document.asked_by,
    )
    return {"document_id": document.pk}


def _announced(world: World, code: str) -> Arguments:
    """Return the office whose table has a network of its own number."""
    analyst = make_user(world.units[code], Role.LEAD_ANALYST, f"asn.{code}@x.example".lower())
    written = WrittenRange(world.units[code], "AS64500")
    add(world.units[code], written, source="Hợp đồng", actor=analyst)
    return {"office_id": world.units[code].pk}


def _prefixes(_world: World, _code: str, _arguments: Arguments) -> Arguments:
    day = timezone.localdate() - timedelta(days=1)
    file = Rewound("p.txt", b"198.51.100.0\t24\t64500\n")
    return {"upload": file, "as_of": f"{day:%d/%m/%Y}"}


def _rehearsed(world: World, code: str) -> Arguments:
    if code != "TC":
        return _frozen(world, code)
    campaign = acting.prepared(world)
    acting.rehearsed(world, campaign)
    return {"campaign_id": campaign.pk}


def _reminded(world: World, code: str) -> Arguments:
    """Return the node of the lead office, which has just reminded its units."""
    if code == "TC":
        followed.mailbox(world, "TC01", "TC02")
        followed.told(world, "TC01", "TC02")
        followed.remind_silent(world)
    return followup._unit(world, code)


def _last_reminders(world: World, code: str, _arguments: Arguments) -> Arguments:
    rows = undoable_of(world.nodes[code])
    return {"first": rows.first, "last": rows.last}


def _draft(world: World, code: str) -> Arguments:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    if not world.nodes[code].children.exists():
        return {"letter_id": make_letter(world, code, LetterState.DRAFT).pk}
    return {"letter_id": staged.draft(world, code).pk}


def _numbered_letter(world: World, code: str) -> Arguments:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    if not world.nodes[code].children.exists():
        return {"letter_id": make_letter(world, code, LetterState.NUMBERED).pk}
    return {"letter_id": staged.numbered(world, code).pk}


def _frozen(world: World, code: str) -> Arguments:
    campaign: Campaign = campaigns._prepared(world, code)
    owner = world.user(code, Role.LEAD_OWNER)
    set_tasks(campaign, ["Phát động chiến dịch"], actor=owner)
    freeze(campaign, TreeChoice(["territory"]), day=timezone.localdate(), actor=owner)
    return {"campaign_id": campaign.pk}


def _register_file(_world: World, code: str, _arguments: Arguments) -> Arguments:
    text = f"Mã đơn vị;Tên đơn vị;Mã cấp trên\nM1;Xã Mới;{code}\n"
    return {"file": Rewound("don-vi.csv", text.encode())}


CHANGES: dict[str, dict[str, Any]] = {
    "account_login": {"data": _sign_in},
    "account_change_password": {"data": {"oldpassword": PASSWORD}},
    "mfa_generate_recovery_codes": {"make": account._factor, "personal": True},
    "reports:accept_together": {"make": _child_submitted, "data": _versions},
    "certificates:register": {"data": _certificate},
    "report_documents:number": {"make": _unnumbered},
    "report_documents:signed": {"make": _numbered, "data": _signed_copy},
    "report_documents:scan": {"make": _numbered},
    "report_documents:release": {"make": _signed_document},
    "report_workbooks:save": {"data": _carried},
    "dashboards:files": {"data": {"kind": "xlsx"}},
    "alerts:add_channel": {"data": {"url": "json://127.0.0.1:9/hook"}},
    "prints:ask": {"make": _published, "seat": "TC"},
    "ranges:prefixes": {"make": _announced, "data": _prefixes},
    "ranges:approve": {"make": _waiting_range},
    "cases:bulk": {"data": _case_chosen},
    "letters:to_clerk": {"make": _draft},
    "letters:release": {"make": _numbered_letter},
    "followup:undo_reminders": {"make": _reminded, "seat": "TC", "data": _last_reminders},
    "campaigns:launch_letter": {"make": _frozen},
    "campaigns:rehearsal": {"make": _frozen},
    "campaigns:start": {"make": _rehearsed, "seat": "TC"},
    "units:load": {"data": _register_file},
    "units:load_shapes": {"data": _shapes},
}
"""By the name of a row, what it needs in other ways."""


def ready(row: Row) -> Row:
    """Return `row` with what its act needs."""
    return replace(row, **CHANGES.get(row.name, {}))
