"""The named queries, slow and obvious: every row is looked at, one by one, by plain Python."""

from datetime import datetime

from quetsach_portal.campaigns.models.campaign import COUNTED, CampaignNode
from quetsach_portal.cases.models.case import Case, CaseFile, Finding, Handling
from quetsach_portal.cases.models.notice import NoticeItem
from quetsach_portal.followup.models import DeployDeclaration, Receipt
from quetsach_portal.intake.models import CoverageDay
from quetsach_portal.letters.models import Letter
from quetsach_portal.participation.models import (
    ConfirmedBurst,
    HandoutPull,
    JoinCode,
    SlipHour,
    SlipLot,
)

Answers = dict[str, tuple[int, str]]
"""By name: the number and its grade."""


def answers(node: CampaignNode) -> Answers:
    """Return all that the records of `node` answer."""
    return {
        **_organisations(node),
        **_people(node),
        **_machines(node),
        **_logs(node),
        **_notices(node),
    }


def _organisations(node: CampaignNode) -> Answers:
    received, deployed, told, unshown = 0, 0, False, False
    for one in CampaignNode.objects.filter(campaign=node.campaign):
        is_below = False
        up = one
        while up is not None:
            is_below = is_below or up.pk == node.pk
            up = up.parent
        if not is_below or one.state not in COUNTED:
            continue
        if one.received_at is not None:
            received += 1
            told = told or Receipt.objects.get(node=one).method == "on_behalf"
        if one.deployed_at is not None:
            deployed += 1
            valid = [
                d for d in DeployDeclaration.objects.filter(node=one) if d.state != "withdrawn"
            ]
            unshown = unshown or not any(d.evidence.count() for d in valid)
    shown = deployed > 0 and not unshown
    return {
        "organisations_received": (received, "attested" if told else "measured"),
        "organisations_deployed": (deployed, "attested" if shown else "declared"),
    }


def _people(node: CampaignNode) -> Answers:
    found: Answers = {}
    own_lots = [lot for lot in SlipLot.objects.all() if lot.node_id == node.pk]
    if own_lots:
        found["people_joined"] = (_pressed(node, own_lots), "attested")
    pulls = [row for row in HandoutPull.objects.all() if row.node_id == node.pk]
    if pulls or any(code.node_id == node.pk for code in JoinCode.objects.all()):
        found["materials_pulled"] = (sum(row.here + row.public for row in pulls), "measured")
    if node.staff > 0:
        found["people_staff"] = (node.staff, "declared")
    for one in DeployDeclaration.objects.filter(node=node):
        if one.state != "withdrawn" and one.staff_told is not None:
            grade = "attested" if one.evidence.count() else "declared"
            found["people_told"] = (one.staff_told, grade)
    letters = [one for one in Letter.objects.filter(node=node) if one.state == "released"]
    own = [one for one in letters if not one.is_outside]
    if own:
        found["letters_issued"] = (len(own), "measured")
    return found


def _pressed(node: CampaignNode, own_lots: list[SlipLot]) -> int:
    by_hour: dict[datetime, int] = {}
    for row in SlipHour.objects.all():
        if any(row.lot_id == lot.pk and lot.struck_at is None for lot in own_lots):
            by_hour[row.hour] = by_hour.get(row.hour, 0) + row.pressed
    total = 0
    for hour, pressed in by_hour.items():
        before = sorted(many for at, many in by_hour.items() if at < hour)
        half = len(before) // 2
        usual = before[half] if len(before) % 2 else sum(before[half - 1 : half + 1]) / 2
        if len(before) < 3:
            usual = pressed
        share = node.staff // 4 if node.staff else 10
        is_burst = pressed >= 5 and (pressed > share or pressed > 5 * usual)
        words = [word for word in ConfirmedBurst.objects.all() if word.node_id == node.pk]
        said = any(word.hour == hour and word.pressed >= pressed for word in words)
        total += pressed if said or not is_burst else 0
    return total


def _machines(node: CampaignNode) -> Answers:
    sets: dict[str, list[tuple[int, str]]] = {name: [] for name in _FIGURES}
    for case in Case.objects.filter(node=node):
        if case.outcome in ("merged", "false-alarm", "withdrawn"):
            continue
        same = [case.device, *case.device.merged.all()]
        done = [
            one
            for one in Handling.objects.all()
            if one.withdrawn_at is None and one.case.device in same
        ]
        met = [f for f in Finding.objects.all() if f.device in same and f.counts]
        kinds = {one.kind for one in done}
        clean = bool(kinds & {"cleaned", "reinstalled", "replaced"})
        clean = clean or any(one.result == "removed" for one in done)
        clean = clean and case.state not in ("infected", "recurred")
        clean = clean or case.outcome == "verified-clean"
        proven = any(one.case.device in same for one in CaseFile.objects.all())
        work = "attested" if proven else "declared"
        facts = {
            "devices_found": (True, "measured"),
            "devices_infected": (
                any(f.best_grade in ("connected", "moved") for f in met),
                "measured",
            ),
            "devices_scanned": ("scanned" in kinds or any(d.result for d in done), work),
            "devices_cleaned": (clean, "measured" if case.outcome == "verified-clean" else work),
            "devices_reinstalled": ("reinstalled" in kinds, work),
            "devices_isolated": ("isolated" in kinds or case.isolated_at is not None, work),
            "devices_open": (not clean, "measured"),
            "devices_recurred": (case.recurrences > 0, "measured"),
        }
        for name, (counts, grade) in facts.items():
            if counts:
                sets[name].append((case.device_id, grade))
    looked = any(one.lines > 0 for one in CoverageDay.objects.filter(node=node))
    has_case = any(
        case.outcome not in ("merged", "false-alarm", "withdrawn")
        for case in Case.objects.filter(node=node)
    )
    found: Answers = {}
    if has_case or looked:
        found = {
            name: (len({device for device, _grade in ones}), _weakest(name, ones))
            for name, ones in sets.items()
        }
    mine = [f for f in Finding.objects.all() if f.device.node_id == node.pk and f.counts]
    if mine or looked:
        found["cases_detections"] = (sum(f.sightings for f in mine), "measured")
        found["indicators_met"] = (len({f.key for f in mine}), "measured")
    return found


_WORK = ("devices_scanned", "devices_cleaned", "devices_reinstalled", "devices_isolated")
_FIGURES = ("devices_found", "devices_infected", "devices_open", "devices_recurred", *_WORK)


def _weakest(name: str, ones: list[tuple[int, str]]) -> str:
    for grade in ("declared", "attested", "measured"):
        if grade in [told for _device, told in ones]:
            return grade
    return "declared" if name in _WORK else "measured"


def _logs(node: CampaignNode) -> Answers:
    rows = [row for row in CoverageDay.objects.all() if row.node_id == node.pk and row.lines]
    found: Answers = {
        "coverage_sources": (len({row.kind for row in rows}), "measured"),
        "coverage_days": (len({row.day for row in rows}), "measured"),
    }
    if "count" in node.campaign.release_facts:
        found["indicators_received"] = (node.campaign.release_facts["count"], "measured")
    return found


def _notices(node: CampaignNode) -> Answers:
    items = [one for one in NoticeItem.objects.all() if one.batch.node_id == node.pk]
    told: dict[str, set[str]] = {}
    for one in items:
        if one.address and one.outcome != "rejected":
            told.setdefault(one.address, set()).add(one.outcome)
    if not told:
        return {}
    resolved = sum("device" in ends for ends in told.values())
    not_ours = sum(ends == {"not-ours"} for ends in told.values())
    numbers = {
        "notices_addresses": len(told),
        "notices_resolved": resolved,
        "notices_not_ours": not_ours,
        "notices_cannot_tell": len(told) - resolved - not_ours,
    }
    return {name: (number, "measured") for name, number in numbers.items()}
