"""Acts on the machines of a unit: added, ended, named as one, counted; taken from an inventory."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.campaigns.queries import current_phase
from quetsach_portal.looks.counting import settle, window_of
from quetsach_portal.looks.models import MachineOrigin, MachineTotal, UnitLook, UnitMachine
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_MACHINES = 20_000
_RUNNING = (CampaignState.LIVE, CampaignState.CLOSING)


@dataclass(frozen=True)
class MachineWords:
    """What a unit says of a machine; all but the name may be empty."""

    name: str
    room: str = ""
    user_role: str = ""
    phone: str = ""
    asset_tag: str = ""


@dataclass(frozen=True)
class ListedMachine:
    """A machine of the unit's inventory; `macs` as 00-17-A4-B2-C3-D4."""

    key: str
    hostname: str = ""
    macs: tuple[str, ...] = ()
    room: str = ""
    desk: str = ""


def add_machine(unit: OrgUnit, words: MachineWords, *, actor: User) -> UnitMachine:
    """Return a machine of the unit that was typed in. Errors: Refused."""
    with transaction.atomic():
        locked = _locked(unit)
        in_use = UnitMachine.objects.filter(unit=locked, ended_at=None)
        if in_use.filter(name__iexact=words.name).exists():
            raise Refused(_("The unit has a machine of this name already."), field="name")
        if in_use.count() >= MOST_MACHINES:
            raise Refused(_("There are too many machines. Hand in the list of machines instead."))
        machine = UnitMachine.objects.create(
            unit=locked,
            hostname=words.name,
            origin=MachineOrigin.TYPED,
            added_by=actor,
            **vars(words),
        )
        _audit("machine.added", machine, actor)
        settle_unit(unit.pk)
    return machine


def describe_machine(machine: UnitMachine, words: MachineWords, *, actor: User) -> None:
    """Keep what the unit says of a machine now. Errors: Refused."""
    with transaction.atomic():
        unit = _locked(machine.unit)
        others = UnitMachine.objects.filter(unit=unit, ended_at=None).exclude(pk=machine.pk)
        if others.filter(name__iexact=words.name).exists():
            raise Refused(_("The unit has a machine of this name already."), field="name")
        UnitMachine.objects.filter(pk=machine.pk).update(**vars(words))
        _audit("machine.described", machine, actor)


def end_machine(machine: UnitMachine, reason: str, *, actor: User) -> None:
    """Count a machine no more: it is no longer in use. Errors: Refused."""
    with transaction.atomic():
        _locked(machine.unit)
        rows = UnitMachine.objects.filter(pk=machine.pk, ended_at=None)
        ended = {"ended_at": timezone.now(), "ended_by": actor, "end_reason": reason[:200]}
        if not rows.update(**ended):
            raise Refused(_("This machine was taken out already."))
        total = MachineTotal.objects.filter(unit=machine.unit_id, machines__gt=0).first()
        if total is not None:
            total.machines -= 1
            total.save(update_fields=["machines"])
        _audit("machine.ended", machine, actor)
        settle_unit(machine.unit_id)


def join_machines(machine: UnitMachine, into: UnitMachine, *, actor: User) -> None:
    """Count two names or network cards as one machine, by a person's word. Errors: Refused."""
    with transaction.atomic():
        _locked(machine.unit)
        root = into.same_as or into
        if machine.unit_id != root.unit_id or machine.pk == root.pk:
            raise Refused(_("Choose another machine of the same unit."))
        if machine.same_as_id is not None:
            raise Refused(_("This machine was joined already."))
        UnitMachine.objects.filter(same_as=machine).update(same_as=root)
        UnitMachine.objects.filter(pk=machine.pk).update(same_as=root)
        _audit("machine.joined", machine, actor, into=root.pk)
        settle_unit(machine.unit_id)


def state_total(unit: OrgUnit, machines: int, *, actor: User) -> None:
    """Keep how many machines the unit has, by its own word. Errors: Refused."""
    with transaction.atomic():
        _locked(unit)
        in_list = UnitMachine.objects.filter(unit=unit, ended_at=None, same_as=None).count()
        if not 0 <= machines <= MOST_MACHINES:
            raise Refused(_("Give a number of machines that can be."), field="machines")
        if machines < in_list:
            text = _("%(known)s machines are listed below. Take out those no longer in use first.")
            raise Refused(text % {"known": in_list}, field="machines")
        _keep_total(unit, machines, actor)
        settle_unit(unit.pk)


def say_no_logs(node: CampaignNode, *, has_none: bool, actor: User) -> None:
    """Keep that the unit has no logs of its network, or that it has some after all."""
    with transaction.atomic():
        CampaignNode.objects.select_for_update(of=("self",)).get(pk=node.pk)
        UnitLook.objects.get_or_create(node=node)
        UnitLook.objects.filter(node=node).update(has_no_logs=has_none)
        record(
            "looks.no_logs" if has_none else "looks.has_logs",
            actor=actor,
            kind="campaignnode",
            object_id=node.pk,
            unit_path=node.unit.path,
        )
        settle_unit(node.unit_id)


def take_inventory(unit: OrgUnit, listed: Sequence[ListedMachine], *, actor: User) -> int:
    """Make the unit's list of machines the one in force; return how many machines it has.

    A machine that is known by its name or network card stays that one. One that only an earlier
    list had, and of which nothing was handed in, is ended. The caller holds the transaction.
    """
    _locked(unit)
    in_use = list(UnitMachine.objects.filter(unit=unit, ended_at=None, same_as=None).order_by("pk"))
    kept: set[int] = set()
    fresh = []
    for listed_machine in {one.key.lower(): one for one in listed[:MOST_MACHINES]}.values():
        same = next(
            (one for one in in_use if one.pk not in kept and _is_same(one, listed_machine)), None
        )
        if same is not None:
            kept.add(same.pk)
            same.hostname = same.hostname or listed_machine.hostname[:64]
            same.macs = list(dict.fromkeys([*same.macs, *listed_machine.macs]))
            same.room = same.room or listed_machine.room[:80]
            same.save(update_fields=["hostname", "macs", "room"])
            continue
        fresh.append(
            UnitMachine(
                unit=unit,
                name=(listed_machine.hostname or listed_machine.key)[:64],
                hostname=listed_machine.hostname[:64],
                macs=list(listed_machine.macs),
                room=listed_machine.room[:80],
                user_role=listed_machine.desk[:80],
                asset_tag=listed_machine.key[:40]
                if listed_machine.key != listed_machine.hostname
                else "",
                origin=MachineOrigin.INVENTORY,
                added_by=actor,
            )
        )
    UnitMachine.objects.bulk_create(fresh, batch_size=500)
    gone = UnitMachine.objects.filter(unit=unit, ended_at=None, origin=MachineOrigin.INVENTORY)
    gone = gone.filter(pk__in=[one.pk for one in in_use if one.pk not in kept], looks=None)
    gone.update(ended_at=timezone.now(), ended_by=actor)
    now = UnitMachine.objects.filter(unit=unit, ended_at=None, same_as=None).count()
    _keep_total(unit, now, actor)
    settle_unit(unit.pk)
    return now


def _is_same(machine: UnitMachine, listed_machine: ListedMachine) -> bool:
    if listed_machine.hostname and machine.hostname.lower() == listed_machine.hostname.lower():
        return (
            not listed_machine.macs
            or not machine.macs
            or bool(set(listed_machine.macs) & set(machine.macs))
        )
    is_nameless = not listed_machine.hostname or not machine.hostname
    return is_nameless and bool(set(listed_machine.macs) & set(machine.macs))


def settle_unit(unit_id: int) -> None:
    """Count the unit anew in the campaigns that run; its days of logs are those known.

    The caller holds the transaction.
    """
    nodes = CampaignNode.objects.filter(unit_id=unit_id, campaign__state__in=_RUNNING)
    for node in nodes.select_related("campaign"):
        kept = UnitLook.objects.filter(node=node).first()
        days = {} if kept is None else {node.pk: kept.days}
        settle(node.campaign, [node], days, window_of(current_phase(node.campaign)))


def _keep_total(unit: OrgUnit, machines: int, actor: User) -> None:
    fields = {"machines": machines, "stated_by": actor, "stated_at": timezone.now()}
    MachineTotal.objects.update_or_create(unit=unit, defaults=fields)
    record(
        "machine.total_stated",
        actor=actor,
        kind="unit",
        object_id=unit.pk,
        unit_path=unit.path,
        detail={"machines": machines},
    )


def _locked(unit: OrgUnit) -> OrgUnit:
    return OrgUnit.objects.select_for_update().get(pk=unit.pk)


def _audit(action: str, machine: UnitMachine, actor: User, **detail: int) -> None:
    record(
        action,
        actor=actor,
        kind="unit_machine",
        object_id=machine.pk,
        unit_path=machine.unit.path,
        detail=dict(detail),
    )
