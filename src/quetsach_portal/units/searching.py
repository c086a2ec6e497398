"""Search units by name or code, with the labels and suggestions that pages show."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache, reduce
from operator import or_

from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.dated import in_batches
from quetsach_portal.units.models import EventKind, OrgUnit
from quetsach_portal.web.folding import folded

MOST_OFFERED = 10
MOST_ASKED = 20
"""Of more lines than these that name no unit, the first are asked about."""
_MOST_COMPARED = 300
_MOST_WORDS = 12
_LONGEST = 400
"""Of more words and characters than a name has, the first are looked for."""
_LABEL = re.compile(r".*\(([^()\s]{1,40})\)", re.DOTALL)


@dataclass(frozen=True)
class UnitSearchResult:
    """The search result for one written name or code.

    Shapes: `unit` where it is clear; otherwise `offered` has what it may mean, the nearest first,
    and `is_near` says that none of them has all its words.
    """

    words: str
    unit: OrgUnit | None = None
    offered: tuple[OrgUnit, ...] = ()
    is_near: bool = False


def label_of(unit: OrgUnit) -> str:
    """Return the label of a unit in forms: its name, and its code in brackets."""
    return f"{unit.name} ({unit.code})"


def matching(units: QuerySet[OrgUnit], words: str) -> QuerySet[OrgUnit]:
    """Return those of `units` whose name or code holds all of `words`.

    Names with the words in sequence come first, then higher units.
    """
    folded_words = folded(words[:_LONGEST])
    if not folded_words:
        return units.none()
    for word in folded_words.split()[:6]:
        units = units.filter(search__contains=word)
    together = Case(
        When(search__startswith=folded_words, then=0),
        When(search__contains=folded_words, then=1),
        default=2,
    )
    return units.order_by(together, "depth", "code")


def offered(units: QuerySet[OrgUnit], words: str) -> list[OrgUnit]:
    """Return at most ten of `units` for `words`: that with this code first. Cost: two queries."""
    above = units.select_related("parent")
    first = list(above.filter(code__in=_spellings(words))[:1])
    more = matching(above, words).exclude(pk__in=[one.pk for one in first])
    return [*first, *more[: MOST_OFFERED - len(first)]]


def answers(units: QuerySet[OrgUnit], written: Sequence[str]) -> list[UnitSearchResult]:
    """Return what each of `written` means among `units`.

    Cost: a query for some hundred codes; two for each of the first twenty that are none.
    """
    by_code = _by_code(units, written)
    results: list[UnitSearchResult] = []
    searches = 0
    for words in written:
        unit = next((by_code[one] for one in _spellings(words) if one in by_code), None)
        if unit is not None:
            results.append(UnitSearchResult(words, unit))
        elif searches < MOST_ASKED:
            results.append(_by_name(units, words))
            searches += 1
        else:
            results.append(UnitSearchResult(words))
    return results


def _by_code(units: QuerySet[OrgUnit], written: Iterable[str]) -> dict[str, OrgUnit]:
    codes = dict.fromkeys(code for words in written for code in _spellings(words))
    return {
        unit.code: unit for some in in_batches(list(codes)) for unit in units.filter(code__in=some)
    }


def _spellings(words: str) -> list[str]:
    """Return how the code in `words` may be spelt; a label ends with it in brackets."""
    labelled = _LABEL.fullmatch(words.strip())
    code = (labelled[1] if labelled else words.strip())[:40]
    return [code, code.upper()]


def _by_name(units: QuerySet[OrgUnit], words: str) -> UnitSearchResult:
    some = offered(units, words)
    same = [one for one in some if folded(one.name) == folded(words)]
    if len(same) == 1 and len(some) < MOST_OFFERED:
        return UnitSearchResult(words, same[0])
    if some:
        return UnitSearchResult(words, offered=tuple(some))
    return UnitSearchResult(words, offered=tuple(_nearest(units, words)), is_near=True)


def _nearest(units: QuerySet[OrgUnit], words: str) -> list[OrgUnit]:
    """Return the units with names most like `words`, of those that share the start of a word."""
    folded_words = list(dict.fromkeys(folded(words[:_LONGEST])[:100].split()))[:_MOST_WORDS]
    starts = {word[:3] for word in folded_words if len(word) > 1}
    if not starts:
        return []
    shared = reduce(or_, (Q(search__contains=start) for start in sorted(starts)[:6]))
    rows = units.filter(shared).select_related("parent").order_by("depth", "code")

    @cache
    def alike(word: str, part: str) -> float:
        # Units share most of their words: each pair is compared once.
        return SequenceMatcher(None, word, part).ratio()

    def likeness(unit: OrgUnit) -> float:
        parts = unit.search.split()
        best = [max(alike(word, part) for part in parts) for word in folded_words]
        return sum(best) / len(best)

    compared = sorted(rows[:_MOST_COMPARED], key=likeness, reverse=True)
    return [one for one in compared[:5] if likeness(one) > 0.6]


EVENT_KINDS = tuple((kind.value, kind.label) for kind in EventKind)


FIELD_NAMES = {
    "name": _lazy("Name of the unit"),
    "short_name": _lazy("Short name"),
    "doc_code": _lazy("Code in document numbers"),
    "kind": _lazy("Kind"),
    "id_old": _lazy("Electronic identifier (old form)"),
    "id_new": _lazy("Electronic identifier (new form)"),
    "area_code": _lazy("Area code"),
    "parent": _lazy("Unit above"),
    "staff": _lazy("Officials and staff"),
    "mail": _lazy("E-mail address"),
    "phone": _lazy("Telephone"),
    "person": _lazy("Contact person"),
}


_OLD = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Y][0-9]{2}")
_NEW = re.compile(r"[A-Y][0-9]{2}(?:\.[A-Z0-9]+)*")
_OTHER = re.compile(r"Z[A-Z0-9]{2}(?:\.?[A-Z0-9]+)+")
_LONGEST_NEW = 35


class IdentifierForm(StrEnum):
    """Which of the two forms an identifier has."""

    OLD = "old"
    NEW = "new"


def form_of(text: str) -> IdentifierForm | None:
    """Return the form of an identifier, None if it has neither.

    Shapes: "000.00.00.H49" is old, its first level is last; "H55.242" and "H37.DN.001" are new.
    """
    if _OLD.fullmatch(text):
        return IdentifierForm.OLD
    if len(text) <= _LONGEST_NEW and (_NEW.fullmatch(text) or _OTHER.fullmatch(text)):
        return IdentifierForm.NEW
    return None


def suggestions(request: HttpRequest, units: QuerySet[OrgUnit]) -> JsonResponse:
    """Return at most ten of `units` for the words asked for, each with the unit above it."""
    some = offered(units, request.GET.get("q", "")[:100])
    suggested = [
        {"text": label_of(one), "above": "" if one.parent is None else one.parent.name}
        for one in some
    ]
    return JsonResponse({"units": suggested}, headers={"Cache-Control": "no-store"})
