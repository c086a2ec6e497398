"""From what was typed into the wizard to the plan of an event; codes become units here."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from quetsach_portal.register.access import chosen_units, may_propose
from quetsach_portal.rights.scope import Scope
from quetsach_portal.units.models import UnitKind
from quetsach_portal.units.register_file.cells import kind_of, staff_of, text_of
from quetsach_portal.units.register_file.kinds import kind_by_name
from quetsach_portal.units.tree_plan import Merge, NewUnit, TreePlan
from quetsach_portal.web.problems import Refused

Typed = Mapping[str, Any]


class _Codes:
    """Looks codes up among the units that the person may propose changes for."""

    def __init__(self, scope: Scope, codes: Iterable[str]) -> None:
        wanted = [code for code in dict.fromkeys(codes) if code]
        units = chosen_units(scope, wanted)
        self._known = {unit.code: unit.pk for unit in units if may_propose(scope, unit)}

    def __contains__(self, code: str) -> bool:
        return code in self._known

    def pk(self, code: str, field: str) -> int:
        if code not in self._known:
            told = _("There is no unit with the code %(code)s for which you may propose this.")
            raise Refused(told % {"code": code[:60] or "?"}, field=field)
        return self._known[code]


def plan_from(kind: str, typed: Typed, scope: Scope) -> TreePlan:
    """Return the plan. Errors: Refused, with the field, for a code or a line that says nothing."""
    return _READ[kind](typed, scope)


def _units(typed: Typed) -> list[str]:
    return [one for one in re.split(r"[\s,;]+", typed["units"]) if one]


def _plain(typed: Typed, scope: Scope) -> TreePlan:
    codes = _Codes(scope, _units(typed))
    units = tuple(codes.pk(code, "units") for code in dict.fromkeys(_units(typed)))
    return TreePlan(units=units, final_report=bool(typed.get("final_report")))


def _rename(typed: Typed, scope: Scope) -> TreePlan:
    plan = _plain(typed, scope)
    return TreePlan(
        units=plan.units,
        name=_text(typed["name"], "name"),
        short_name=_text(typed["short_name"], "short_name"),
        doc_code=_text(typed["doc_code"], "doc_code"),
    )


def _move(typed: Typed, scope: Scope) -> TreePlan:
    codes = _Codes(scope, [*_units(typed), typed["parent"]])
    return TreePlan(
        units=tuple(codes.pk(code, "units") for code in dict.fromkeys(_units(typed))),
        parent=codes.pk(typed["parent"], "parent"),
        line=typed["line"],
        at_once=typed["at_once"],
    )


def _merge(typed: Typed, scope: Scope) -> TreePlan:
    lines = [_parted(line, "merges") for line in _lines(typed["merges"])]
    olds = [[one.strip() for one in left.split("+")] for left, _right in lines]
    heads = [right.split(";")[0].strip() for _left, right in lines]
    codes = _Codes(scope, [*(code for some in olds for code in some), *heads])
    merges: list[Merge] = []
    for some, head, (_left, right) in zip(olds, heads, lines, strict=True):
        units = tuple(codes.pk(code, "merges") for code in some)
        if head in codes and ";" not in right:
            merges.append(Merge(units=units, into=codes.pk(head, "merges")))
        else:
            merges.append(Merge(units=units, new=_new(right, "merges")))
    return TreePlan(merges=tuple(merges))


def _split(typed: Typed, scope: Scope) -> TreePlan:
    pairs = [_parted(line, "allot") for line in _lines(typed["allot"])]
    codes = _Codes(scope, [*_units(typed), *(child for child, _part in pairs)])
    parts = tuple(_new(line, "parts") for line in _lines(typed["parts"]))
    places = {part.code: at for at, part in enumerate(parts)}
    allot: dict[str, int] = {}
    for child, part in pairs:
        if part not in places:
            raise Refused(_("%(code)s is none of the new units.") % {"code": part}, field="allot")
        allot[str(codes.pk(child, "allot"))] = places[part]
    units = tuple(codes.pk(code, "units") for code in _units(typed))
    return TreePlan(units=units, parts=parts, allot=allot)


def _abolish(typed: Typed, scope: Scope) -> TreePlan:
    pairs = [_parted(line, "heirs") for line in _lines(typed["heirs"])]
    codes = _Codes(scope, [*_units(typed), *(code for pair in pairs for code in pair)])
    return TreePlan(
        units=tuple(codes.pk(code, "units") for code in dict.fromkeys(_units(typed))),
        heirs={str(codes.pk(child, "heirs")): codes.pk(new, "heirs") for child, new in pairs},
        at_once=typed["at_once"],
    )


def _open(typed: Typed, scope: Scope) -> TreePlan:
    codes = _Codes(scope, [typed["parent"]])
    new = NewUnit(typed["code"], _text(typed["name"], "name"), typed["kind"], staff=typed["staff"])
    return TreePlan(parent=codes.pk(typed["parent"], "parent"), line=typed["line"], parts=(new,))


def _new(written: str, field: str) -> NewUnit:
    fields = [one.strip() for one in written.split(";")]
    if len(fields) < 2 or not fields[1]:
        told = _("“%(line)s”: write code; name; kind of the new unit.")
        raise Refused(told % {"line": written[:80]}, field=field)
    name = _text(fields[1], field)
    kind: UnitKind | None = kind_by_name(name)
    if len(fields) > 2 and fields[2]:
        kind = kind_of(fields[2])
    staff = staff_of(fields[3]) if len(fields) > 3 and fields[3] else None
    if kind is None or (len(fields) > 3 and fields[3] and staff is None):
        told = _("“%(line)s”: the kind or the head count is not understood.")
        raise Refused(told % {"line": written[:80]}, field=field)
    return NewUnit(fields[0], name, kind.value, staff=staff)


def _text(written: str, field: str) -> str:
    text, flaw = text_of(written, 255)
    if flaw is not None:
        raise Refused(_("Write it as plain text."), field=field)
    return text


def _lines(written: str) -> list[str]:
    return [line.strip() for line in written.splitlines() if line.strip()]


def _parted(line: str, field: str) -> tuple[str, str]:
    left, sign, right = line.partition("=")
    if not sign or not left.strip() or not right.strip():
        raise Refused(_("“%(line)s”: a sign = is missing.") % {"line": line[:80]}, field=field)
    return left.strip(), right.strip()


_READ: dict[str, Callable[[Typed, Scope], TreePlan]] = {
    "rename": _rename,
    "move": _move,
    "merge": _merge,
    "split": _split,
    "close": _plain,
    "abolish": _abolish,
    "open": _open,
}
