"""Build the plan of an event from the fields of its form."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.register.access import proposed_units
from quetsach_portal.register.event_forms import EventForm, GroupedForm
from quetsach_portal.units.dated import in_batches
from quetsach_portal.units.models import OrgUnit, UnitKind
from quetsach_portal.units.register_file.cells import kind_by_name, kind_of, staff_of, text_of
from quetsach_portal.units.tree_plan import NewUnit, TreePlan, UnitMerge
from quetsach_portal.web.acts import Refused


class _Codes:
    """Looks up codes of a table among the units for which the person may propose changes."""

    def __init__(self, scope: Scope, codes: Iterable[str]) -> None:
        wanted = [code for code in dict.fromkeys(codes) if code]
        self._known = {
            code: pk
            for some in in_batches(wanted)
            for code, pk in proposed_units(scope).filter(code__in=some).values_list("code", "pk")
        }

    def __contains__(self, code: str) -> bool:
        return code in self._known

    def pk(self, code: str, field: str) -> int:
        """Return the id of the unit with this code. Errors: Refused."""
        if code not in self._known:
            told = _("There is no unit with the code %(code)s for which you may propose this.")
            raise Refused(told % {"code": code[:60] or "?"}, field=field)
        return self._known[code]


def plan_from(kind: str, form: EventForm, scope: Scope) -> TreePlan:
    """Return the plan of a valid form. Errors: Refused, with the field, for unusable input."""
    return _READ[kind](form, scope)


def _pks(units: Iterable[OrgUnit]) -> tuple[int, ...]:
    return tuple(unit.pk for unit in units)


def _close(form: EventForm, _scope: Scope) -> TreePlan:
    cleaned = form.cleaned_data
    return TreePlan(units=_pks(cleaned["units"]), final_report=cleaned["final_report"])


def _rename(form: EventForm, _scope: Scope) -> TreePlan:
    cleaned = form.cleaned_data
    return TreePlan(
        units=(cleaned["units"].pk,),
        name=_text(cleaned["name"], "name"),
        short_name=_text(cleaned["short_name"], "short_name"),
        doc_code=_text(cleaned["doc_code"], "doc_code"),
    )


def _move(form: EventForm, _scope: Scope) -> TreePlan:
    cleaned = form.cleaned_data
    return TreePlan(
        units=_pks(cleaned["units"]),
        parent=cleaned["parent"].pk,
        line=cleaned["line"],
        at_once=cleaned["at_once"],
    )


def _merge(form: EventForm, scope: Scope) -> TreePlan:
    assert isinstance(form, GroupedForm)
    merges = [_merge_of(one) for one in form.cleaned_groups()]
    merges.extend(_merges_of_table(form.cleaned_data["merges"], scope))
    return TreePlan(merges=tuple(merges))


def _merge_of(group: dict[str, Any]) -> UnitMerge:
    units = _pks(group["units"] or ())
    if group["into"] is not None and not group["name"]:
        return UnitMerge(units=units, into=group["into"].pk)
    if group["into"] is not None or not group["name"]:
        raise Refused(
            _("Choose the unit to merge into, or enter the name of a new one."), field="into_1"
        )
    return UnitMerge(units=units, new=_new_unit(group, "name_1"))


def _merges_of_table(table: str, scope: Scope) -> list[UnitMerge]:
    lines = [_parted(line, "merges") for line in _lines(table)]
    olds = [[one.strip() for one in left.split("+")] for left, _right in lines]
    heads = [right.split(";")[0].strip() for _left, right in lines]
    codes = _Codes(scope, [*(code for some in olds for code in some), *heads])
    merges: list[UnitMerge] = []
    for some, head, (_left, right) in zip(olds, heads, lines, strict=True):
        units = tuple(codes.pk(code, "merges") for code in some)
        if head in codes and ";" not in right:
            merges.append(UnitMerge(units=units, into=codes.pk(head, "merges")))
        else:
            merges.append(UnitMerge(units=units, new=_new(right, "merges")))
    return merges


def _split(form: EventForm, _scope: Scope) -> TreePlan:
    assert isinstance(form, GroupedForm)
    split, groups = form.cleaned_data["units"], form.cleaned_groups()
    allot: dict[str, int] = {}
    for at, group in enumerate(groups):
        for child in group["children"] or ():
            field = f"children_{at + 1}"
            if child.parent_id != split.pk:
                message = _("%(child)s is not directly below %(unit)s.")
                raise Refused(message % {"child": child.name, "unit": split.name}, field=field)
            if allot.setdefault(str(child.pk), at) != at:
                message = _("%(child)s is assigned to two of the new units.")
                raise Refused(message % {"child": child.name}, field=field)
    parts = tuple(_new_unit(one, f"name_{at}") for at, one in enumerate(groups, start=1))
    return TreePlan(units=(split.pk,), parts=parts, allot=allot)


def _abolish(form: EventForm, _scope: Scope) -> TreePlan:
    assert isinstance(form, GroupedForm)
    heirs: dict[str, int] = {}
    for number, group in enumerate(form.cleaned_groups(), start=1):
        if not group["below"] or group["heir"] is None:
            message = _("Choose the units below and their new parent.")
            raise Refused(message, field=f"{'heir' if group['below'] else 'below'}_{number}")
        for child in group["below"]:
            if heirs.setdefault(str(child.pk), group["heir"].pk) != group["heir"].pk:
                message = _("%(child)s is assigned to two parents.")
                raise Refused(message % {"child": child.name}, field=f"below_{number}")
    cleaned = form.cleaned_data
    return TreePlan(units=_pks(cleaned["units"]), heirs=heirs, at_once=cleaned["at_once"])


def _open(form: EventForm, _scope: Scope) -> TreePlan:
    cleaned = form.cleaned_data
    new = _new_unit(cleaned, "name")
    return TreePlan(parent=cleaned["parent"].pk, line=cleaned["line"], parts=(new,))


def _new_unit(given: dict[str, Any], field: str) -> NewUnit:
    kind = given["kind"] or UnitKind.COMMUNE.value
    return NewUnit(given["code"], _text(given["name"], field), kind, staff=given.get("staff"))


def _new(written: str, field: str) -> NewUnit:
    fields = [one.strip() for one in written.split(";")]
    if len(fields) < 2 or not fields[1]:
        message = _("“%(line)s”: enter code; name; kind of the new unit.")
        raise Refused(message % {"line": written[:80]}, field=field)
    name = _text(fields[1], field)
    kind: UnitKind | None = kind_by_name(name)
    if len(fields) > 2 and fields[2]:
        kind = kind_of(fields[2])
    staff = staff_of(fields[3]) if len(fields) > 3 and fields[3] else None
    if kind is None or (len(fields) > 3 and fields[3] and staff is None):
        message = _("“%(line)s”: the kind or the head count is not valid.")
        raise Refused(message % {"line": written[:80]}, field=field)
    return NewUnit(fields[0], name, kind.value, staff=staff)


def _text(written: str, field: str) -> str:
    text, flaw = text_of(written, 255)
    if flaw is not None:
        raise Refused(_("Enter plain text."), field=field)
    return text


def _lines(written: str) -> list[str]:
    return [line.strip() for line in written.splitlines() if line.strip()]


def _parted(line: str, field: str) -> tuple[str, str]:
    left, sign, right = line.partition("=")
    if not sign or not left.strip() or not right.strip():
        raise Refused(_("“%(line)s”: the sign = is missing.") % {"line": line[:80]}, field=field)
    return left.strip(), right.strip()


_READ: dict[str, Callable[[EventForm, Scope], TreePlan]] = {
    "rename": _rename,
    "move": _move,
    "merge": _merge,
    "split": _split,
    "close": _close,
    "abolish": _abolish,
    "open": _open,
}
