"""Merge two devices that are one machine, split one that is two, and undo both."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.cases import history
from quetsach_portal.cases.attaching import open_case
from quetsach_portal.cases.history import locked
from quetsach_portal.cases.judging import judge_cases
from quetsach_portal.cases.models.case import Case, CaseEvent, CaseOutcome, Device, Finding
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused


def join(case_id: int, other_id: int, *, actor: User) -> Case:
    """Make the other case part of this one: its sightings and handlings count here from now on.

    Nothing is moved, so that `separate` gives back what was there.
    Errors: Refused for cases of two units, for one that has others in it, and where the open one
    would end in a closed one.
    """
    if case_id == other_id:
        raise Refused(_("Choose another case."), field="other")
    with transaction.atomic():
        by_id = {pk: locked(pk) for pk in sorted((case_id, other_id))}
        case, other = by_id[case_id], by_id[other_id]
        if case.node_id != other.node_id:
            raise Refused(_("The two cases are of different units."), field="other")
        if other.device.merged.exists():
            text = _("Case %(number)s already contains other cases: merge in the other direction.")
            raise Refused(text % {"number": other.number}, field="other")
        if case.closed_at is not None and other.closed_at is None:
            text = _("This case is closed and the other is open: merge in the other direction.")
            raise Refused(text, field="other")
        history.audit("case.joined", case, actor, {"other": other.pk})
        was = {"outcome": other.outcome}
        before = history.counted(other)
        other.outcome = CaseOutcome.MERGED
        other.closed_at = other.closed_at or timezone.now()
        other.version += 1
        other.save()
        history.move_counters(other, before)
        other.device.merged_into = case.device
        other.device.save(update_fields=["merged_into"])
        history.note(other, "merged", by=actor, detail={"with": case.number, **was})
        history.note(case, "merged", by=actor, detail={"with": other.number})
        _judge(case, actor)
    return case


def separate(case_id: int, device_id: int, *, actor: User) -> Case:
    """Take a device out of a case again; its own case goes on from where it was joined.

    What was done to the machine meanwhile stays written in the case that had it.
    Errors: Refused when the device is not part of the case.
    """
    with transaction.atomic():
        case = locked(case_id)
        device = Device.objects.filter(pk=device_id, merged_into=case.device).first()
        own = None if device is None else _merged_case(device)
        if device is None or own is None:
            raise Refused(_("This device is not part of the case any more."))
        history.audit("case.separated", case, actor, {"other": own.pk})
        before = history.counted(own)
        device.merged_into = None
        device.save(update_fields=["merged_into"])
        _go_on(own, actor)
        own.save()
        history.move_counters(own, before)
        history.note(own, "split", by=actor, detail={"from": case.number})
        history.note(case, "split", by=actor, detail={"from": own.number})
        _judge(case, actor)
        judge_cases([own], actor=actor)
    return own


def split_off(case_id: int, *, findings: Collection[int], label: str, actor: User) -> Case:
    """Open a case of its own for some findings of a device that is two machines in truth.

    Further sightings of these indicators go to the new one. Joining the two undoes it.
    Errors: Refused when no finding or all are chosen.
    """
    with transaction.atomic():
        case = locked(case_id)
        all_of = Finding.objects.filter(device=case.device)
        chosen = list(all_of.filter(pk__in=findings).select_related("origin"))
        if not chosen:
            raise Refused(_("Choose what belongs to the other machine."), field="findings")
        if len(chosen) == all_of.count():
            text = _("At least one finding must stay with this machine.")
            raise Refused(text, field="findings")
        history.audit("case.split", case, actor)
        new = _second_device(case.device, label)
        Finding.objects.filter(pk__in=[finding.pk for finding in chosen]).update(device=new)
        opened = open_case(case.node, new, by=actor, why=case.number)
        times = (finding.last_seen for finding in chosen if finding.last_seen)
        opened.last_seen = max(times, default=None)
        history.note(opened, "split", by=actor, detail={"from": case.number})
        history.note(case, "split", by=actor, detail={"from": opened.number})
        case.version += 1
        _judge(case, actor)
        judge_cases([opened], actor=actor)
    return opened


def _second_device(device: Device, label: str) -> Device:
    source = device.split_from or device
    number = Device.objects.filter(split_from=source).count() + 2
    return Device.objects.create(
        node_id=device.node_id,
        key=f"{source.key[:240]}#{number}",
        engine_key=device.engine_key,
        label=" ".join(label.split())[:120],
        addresses=device.addresses,
        grade="ambiguous",
        place=device.place,
        split_from=source,
    )


def _merged_case(device: Device) -> Case | None:
    rows = Case.objects.filter(device=device, outcome=CaseOutcome.MERGED)
    rows = rows.select_for_update(of=("self",)).select_related("node__unit", "device")
    return rows.order_by("-pk").first()


def _go_on(case: Case, actor: User) -> None:
    """Give the case back what it was when it was joined."""
    event = CaseEvent.objects.filter(case=case, kind="merged").order_by("-pk").first()
    was = {} if event is None else event.detail
    if was.get("outcome") == CaseOutcome.ACCEPTED_RISK and case.review_on is not None:
        case.outcome = CaseOutcome.ACCEPTED_RISK
        case.version += 1
    else:
        history.reopen(case, "split", by=actor)


def _judge(case: Case, actor: User) -> None:
    case.version += 1
    case.save()
    judge_cases([case], actor=actor)
