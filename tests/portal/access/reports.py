"""Who may open the pages of the app `reports`."""

from collections.abc import Callable, Mapping
from typing import Any

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.report import ChangeNotice, ReportVersion
from quetsach_portal.reports.queries import RELATED
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import locking, submitting
from tests.portal.access.row import ALL, SUBTREE, Row
from tests.portal.reports.acting import LATER, fresh, numbers
from tests.portal.world import World, make_campaign

READS = {"own": "LO LA CO FP SG CK AU", "child": "LO LA CO AU"}
"""Who reads a report: not those who keep the machines."""

SEES = {"own": ALL, "child": SUBTREE}
"""Who sees the unit, and is told that a report is not theirs to read."""


def _slot(world: World, code: str) -> ExpectedReport:
    if code not in world.nodes:
        make_campaign(world, lead=code)
    return ExpectedReport.objects.select_related(*RELATED).get(node=world.nodes[code])


def _somebody(world: World, code: str, role: Role) -> User:
    """Return somebody whom no row asks: the author of what others decide on."""
    return world.user("KH" if code != "KH" else "TC02", role)


def _drafted(world: World, code: str) -> ExpectedReport:
    slot, author = _slot(world, code), _somebody(world, code, Role.AUDITOR)
    draft = writing_draft.open_draft(slot, actor=author)
    writing_draft.save(slot, numbers(), revision=draft.revision, actor=author)
    return _slot(world, code)


def _submitted(world: World, code: str) -> ReportVersion:
    slot = _drafted(world, code)
    checked = locking.make(slot, slot.draft.revision)
    author = _somebody(world, code, Role.AUDITOR)
    return fresh(submitting.submit(slot, checked_with=checked, actor=author, gap=LATER))


def _accepted(world: World, code: str) -> ReportVersion:
    version = _submitted(world, code)
    deciding.accept(version, actor=_somebody(world, code, Role.CLERK))
    return fresh(version)


def _signed(world: World, code: str) -> ReportVersion:
    version = _accepted(world, code)
    deciding.sign(version, actor=_somebody(world, code, Role.CLERK))
    return fresh(version)


def _of_slot(
    make: Callable[[World, str], ExpectedReport],
) -> Callable[[World, str], Mapping[str, Any]]:
    return lambda world, code: {"slot_id": make(world, code).pk}


def _of_version(
    make: Callable[[World, str], ReportVersion],
) -> Callable[[World, str], Mapping[str, Any]]:
    return lambda world, code: {"version_id": make(world, code).pk}


def _of_slot_file(make: Callable[[World, str], ExpectedReport]) -> Callable[..., Mapping[str, Any]]:
    return lambda world, code: {"slot_id": make(world, code).pk, "kind": "csv"}


def _of_version_file(
    make: Callable[[World, str], ReportVersion],
) -> Callable[..., Mapping[str, Any]]:
    return lambda world, code: {"version_id": make(world, code).pk, "kind": "json"}


def _accepted_slot(world: World, code: str) -> ExpectedReport:
    return _accepted(world, code).slot


def _two_versions(world: World, code: str) -> Mapping[str, Any]:
    first = _accepted(world, code)
    draft = deciding.begin(
        first.slot, kind="correction", reason_code="other", reason="đếm lại", actor=first.author
    )
    checked = locking.make(first.slot, draft.revision)
    second = submitting.submit(first.slot, checked_with=checked, actor=first.author, gap=LATER)
    return {"version_id": second.pk, "number": 1}


def _with_child(world: World, code: str) -> Mapping[str, Any]:
    slot = _drafted(world, code)
    child = ExpectedReport.objects.filter(node__parent=slot.node, phase=slot.phase).first()
    return {"slot_id": slot.pk, "child_id": 0 if child is None else child.pk}


def _left_out(world: World, code: str) -> Mapping[str, Any]:
    found = _with_child(world, code)
    slot, child = (ExpectedReport.objects.filter(pk=one).first() for one in found.values())
    if child is not None:
        writing_draft.leave_out(slot, child, "chờ", actor=_somebody(world, code, Role.AUDITOR))
    return found


def _notice(world: World, code: str) -> Mapping[str, Any]:
    version = _accepted(world, code)
    made = ChangeNotice.objects.create(parent_slot=version.slot, new_version=version)
    return {"notice_id": made.pk}


def _node(world: World, code: str) -> Mapping[str, Any]:
    return {"node_id": _slot(world, code).node_id}


def _revision(_world: World, _code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    slot = ExpectedReport.objects.get(pk=arguments["slot_id"])
    answers = {f"v-{key}": one.text for key, one in numbers().items()}
    return {"revision": slot.draft.revision, **answers}


def _checked(_world: World, _code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    slot = ExpectedReport.objects.get(pk=arguments["slot_id"])
    return {"checked": locking.make(slot, slot.draft.revision), "gap": "later"}


def _nothing(_world: World, _code: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "checked": locking.make(ExpectedReport.objects.get(pk=arguments["slot_id"]), 0, "nil"),
        "gap": "no_pc",
    }


def _own(name: str, roles: str, make: Callable[..., Any], data: Any = None) -> Row:
    given = {} if data is None else data
    return Row(f"reports:{name}", make=make, get=roles, post=roles, seen=SEES, data=given)


def _above(name: str, make: Callable[..., Any], get: bool, data: Any = None) -> Row:
    by = {"child": "LO CO"}
    given = {} if data is None else data
    return Row(
        f"reports:{name}", make=make, get=by if get else None, post=by, seen=SEES, data=given
    )


ROWS = (
    Row("reports:index", get=ALL),
    Row("reports:slot", make=_of_slot(_drafted), get=READS, seen=SEES),
    Row("reports:below", make=_of_slot(_drafted), get=READS, seen=SEES),
    Row("reports:version", make=_of_version(_accepted), get=READS, seen=SEES),
    Row("reports:seen", make=_of_version(_accepted), get=None, post=READS, seen=SEES),
    Row("reports:compare", make=_two_versions, get=READS, seen=SEES),
    _own("accept_together", "LO CO", _of_slot(_drafted)),
    Row("reports:open", make=_of_slot(_slot), get=None, post="CO FP", seen=SEES),
    _own("numbers", "CO FP", _of_slot(_drafted), _revision),
    _own("texts", "CO FP", _of_slot(_drafted), _revision),
    _own("check", "CO FP", _of_slot(_drafted), _checked),
    _own("nil", "CO FP", _of_slot(_slot), _nothing),
    _own(
        "correct",
        "CO FP",
        _of_slot(_accepted_slot),
        {"kind": "correction", "reason_code": "other", "reason": "đếm lại"},
    ),
    _own("total", "CO", _of_slot(_drafted), _revision),
    Row("reports:total_file", make=_of_slot_file(_drafted), get="CO", seen=SEES),
    Row("reports:version_file", make=_of_version_file(_accepted), get=READS, seen=SEES),
    Row(
        "reports:leave_out",
        make=_with_child,
        get="CO",
        post="CO",
        seen=SEES,
        data={"reason": "chờ"},
    ),
    Row("reports:take_in", make=_left_out, get=None, post="CO", seen=SEES),
    _own("notice", "CO", _notice, {"answer": "carry", "reason": ""}),
    _above("review", _of_version(_submitted), get=True, data={"r-": "Xem lại."}),
    _above("accept", _of_version(_submitted), get=False),
    _above("undo_acceptance", _of_version(_accepted), get=False),
    _above("ask_correction", _of_version(_signed), get=True, data={"reason": "đếm sót"}),
    Row("reports:all_read", make=_of_slot(_drafted), get="LO CO", seen=SEES),
    Row(
        "reports:take_back",
        make=_of_version(_submitted),
        get=None,
        post={"own": "FP CO"},
        seen=SEES,
    ),
    _own("withdraw", "CO FP", _of_version(_submitted), {"why": "nhầm"}),
    _own("sign", "SG", _of_version(_accepted)),
    Row("reports:forward", make=_of_version(_signed), get=None, post="CO CK", seen=SEES),
    Row(
        "reports:one_person",
        make=_node,
        get={"child": "CO"},
        post={"child": "CO"},
        seen=SEES,
        data={"reason": "một người"},
    ),
)
