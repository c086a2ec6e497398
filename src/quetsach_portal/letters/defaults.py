"""What a new draft is filled with, so that a commune changes a few words and not a whole letter."""

import re
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    CampaignNode,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.campaigns.queries import current_phase
from quetsach_portal.letters.cascade import usual_deadline
from quetsach_portal.letters.documents import LAUNCH, REMINDER, Template, usual_code
from quetsach_portal.letters.models import Letter, LetterCapacity, LetterState, SigningWay
from quetsach_portal.units.models import Desk, DeskRole, OrgUnit, UnitKind

MOST_NAMED = 12
"""Recipients that are named one by one after "Kính gửi"; more are addressed by their kind."""

# How a letter calls all units of a kind; printed in Vietnamese whatever the page's language is.
_ALL_OF_KIND = {
    UnitKind.MINISTRY: "Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ",
    UnitKind.PROVINCE: "Ủy ban nhân dân các tỉnh, thành phố trực thuộc trung ương",
    UnitKind.DEPARTMENT: "Thủ trưởng các sở, ban, ngành tỉnh",
    UnitKind.DISTRICT: "Ủy ban nhân dân các huyện, thị xã, thành phố",
    UnitKind.OFFICE: "Thủ trưởng các phòng, ban, ngành huyện",
    UnitKind.COMMUNE: "Chủ tịch Ủy ban nhân dân các xã, phường, thị trấn",
    UnitKind.SCHOOL: "Hiệu trưởng các trường học",
    UnitKind.PARTY: "Các cơ quan, đơn vị khối Đảng",
    UnitKind.MASS_ORG: "Ủy ban Mặt trận Tổ quốc và các tổ chức chính trị - xã hội",
    UnitKind.AGENCY: "Thủ trưởng các cơ quan, đơn vị trực thuộc",
}
_PLACE = re.compile(
    r"\b(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|thành|tỉnh)"
    r"(?:\s+(?:ủy|đoàn))?\s+(?P<name>\S.*)$",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b")
_BODY = re.compile(r"^(Ủy ban nhân dân|UBND)\b", re.IGNORECASE)


def children_of(node: CampaignNode) -> list[CampaignNode]:
    """Return the nodes directly below `node` that are still counted, by name."""
    return list(
        CampaignNode.objects.filter(parent=node, state__in=COUNTED)
        .select_related("unit")
        .order_by("name_at_freeze", "pk")
    )


def units_below(node: CampaignNode) -> QuerySet[OrgUnit]:
    """Return the units of `children_of(node)`."""
    below = CampaignNode.objects.filter(parent=node, state__in=COUNTED)
    return OrgUnit.objects.filter(pk__in=below.values("unit_id"))


def late_of(node: CampaignNode) -> list[CampaignNode]:
    """Return the nodes directly below `node` whose report of the current phase has not come."""
    owed = ExpectedReport.objects.filter(
        ~Q(state=ExpectedReportState.EXCUSED),
        node=OuterRef("pk"),
        phase=current_phase(node.campaign),
        reported_at__isnull=True,
    )
    below = CampaignNode.objects.filter(Exists(owed), parent=node, state__in=COUNTED)
    return list(below.select_related("unit").order_by("name_at_freeze", "pk"))


def addressees_for(children: list[CampaignNode]) -> list[str]:
    """Return the lines after "Kính gửi": names, or the kinds where there are many."""
    if len(children) <= MOST_NAMED:
        return [child.name_at_freeze for child in children]
    kinds = dict.fromkeys(UnitKind(child.unit.kind) for child in children)
    return [_ALL_OF_KIND[kind] for kind in UnitKind if kind in kinds]


def place_of(name: str) -> str:
    """Return the place name in the name of a body: "Trà Cú"; "" where it has none."""
    found = _PLACE.search(name)
    return "" if found is None else found["name"].strip()[:80]


def place_for(node: CampaignNode) -> str:
    """Return the place that a letter of `node` names: its own, else that of the unit above."""
    above = node.parent
    found = place_of(node.name_at_freeze)
    return found or ("" if above is None else place_of(above.name_at_freeze))


def fill(letter: Letter, template: Template) -> None:
    """Put the usual values into a new `letter`; nothing is saved."""
    node, campaign, above = letter.node, letter.campaign, letter.based_on
    last = (
        Letter.objects.filter(node=node, is_outside=False).exclude(place="").order_by("-pk").first()
    )
    letter.place = place_for(node) if last is None else last.place
    letter.code = node.unit.doc_code if last is None else last.code
    # As the office did it last time: paper, or electronic in the order that it chose.
    letter.way = SigningWay.PAPER if last is None else last.way
    letter.deadline = usual_deadline(node)
    if above is not None and above.deadline is not None and letter.deadline is not None:
        letter.deadline = min(letter.deadline, above.deadline)
    if letter.deadline is not None and letter.deadline <= timezone.localdate():
        letter.deadline = None
    children = late_of(node) if template.code == REMINDER else children_of(node)
    letter.addressees = addressees_for(children)
    name = node.name_at_freeze
    speaker = f"Chủ tịch {name}" if _BODY.match(name) else name
    own = _own_letter(node)
    letter.also_told = _read_lines(own, "recipients")
    facts: dict[str, Any] = {
        "campaign": _named(campaign.title),
        "speaker": speaker,
        "receivers": "; ".join(addressees_for(children)) if len(children) > MOST_NAMED else _ALL,
        "authority": _known(above, "authority"),
        "tasks": _tasks(letter),
        "page": campaign.page_url,
        "collector": _collector(node),
        "report_to": _report_to(own) or speaker,
        "list": "Phụ lục" if campaign.release_sha256 else "",
        "form": "Phụ lục",
    }
    if template.code == REMINDER:
        facts |= {
            "own": _own_launch(letter),
            "units": [child.name_at_freeze for child in children],
            "as_of": timezone.localdate().isoformat(),
            "form": "Phụ lục ban hành kèm theo văn bản nêu trên",
        }
    asked = {field.id: field.kind for field in template.asked()}
    letter.values = {
        name: facts.get(name, [] if kind == "list" else "") for name, kind in asked.items()
    }
    letter.subject = template.subject_with(letter.values)[:500]


_ALL = "Thủ trưởng các cơ quan, đơn vị nêu trên"


def _own_letter(node: CampaignNode) -> dict[str, Any]:
    """Return what was read of the campaign's letter where the unit of `node` wrote it, else {}."""
    read = node.campaign.letter
    issuer = str((read.get("issuer") or {}).get("value") or "")
    is_own = (
        node.parent_id is None
        and issuer.casefold().split() == node.name_at_freeze.casefold().split()
    )
    return read if is_own else {}


def _report_to(read: dict[str, Any]) -> str:
    """Return "Chủ tịch ... (qua Văn phòng ...)" as the letter has it, "" where it has not."""
    target, through = (
        str((read.get(name) or {}).get("value") or "") for name in ("report_to", "report_through")
    )
    return f"{target} (qua {through})" if target and through else target


def _read_lines(read: dict[str, Any], name: str) -> list[str]:
    lines = (read.get(name) or {}).get("value") or []
    return [str(line) for line in lines if not str(line).casefold().startswith("như trên")]


def _own_launch(letter: Letter) -> str:
    """Return the number and day of the letter by which the unit passed the campaign on."""
    own = Letter.objects.filter(node=letter.node, state=LetterState.RELEASED, is_outside=False)
    launch = own.filter(template_code=LAUNCH, number__isnull=False).order_by("-pk").first()
    return "" if launch is None else f"{launch.full_number} ngày {launch.signed_on:%d/%m/%Y}"


def _tasks(letter: Letter) -> list[str]:
    above = letter.based_on
    handed_down = [] if above is None else above.values.get("tasks") or []
    texts = [str(one).strip() for one in (handed_down or letter.campaign.tasks)]
    # A task with a day in it would add a second deadline that is not checked.
    return [text for text in texts if text and not _DAY.search(text)]


def _collector(node: CampaignNode) -> str:
    """Return who compiles for the body of `node`: the office of its desk, else itself."""
    served = Desk.objects.filter(unit_id=node.unit_id, role=DeskRole.COMPILER)
    desk = served.select_related("served_by").first()
    if desk is None or desk.served_by is None:
        return node.name_at_freeze
    return desk.served_by.name


def _known(above: Letter | None, field: str) -> str:
    return "" if above is None else str(above.values.get(field) or "")


def _named(title: str) -> str:
    """Return the campaign's name for use within a sentence, without "triển khai" before it."""
    name = title[:1].lower() + title[1:]
    return name.removeprefix("triển khai ")


# What the clerk's form is filled with: the next number, today, and who signed last time.


KEPT = ("signer_name", "signer_post", "capacity", "capacity_of", "on_behalf_of", "contact")


def signing_for(letter: Letter) -> dict[str, Any]:
    """Return the initial values of the form by which `letter` gets its number."""
    same_unit = Letter.objects.filter(node__unit=letter.node.unit, is_outside=False)
    last = same_unit.filter(number__isnull=False).order_by("-pk").first()
    source = letter if letter.signer_name else last
    kept = {name: getattr(source, name) for name in KEPT} if source is not None else {}
    # Of the letter itself alone: that the last one was urgent says nothing of this one.
    kept["urgency"] = letter.urgency
    today = timezone.localdate()
    highest = same_unit.filter(signed_on__year=today.year).aggregate(most=Max("number"))["most"]
    return {
        "capacity": LetterCapacity.DIRECT,
        **kept,
        # The unit numbers other letters elsewhere too: only a number known here is continued.
        "number": letter.number or (None if highest is None else highest + 1),
        "code": letter.code or usual_code(letter),
        "signed_on": letter.signed_on or today,
    }
