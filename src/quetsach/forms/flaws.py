"""What is wrong with a form's definition, in words for its author."""

import re
from collections.abc import Iterator
from itertools import chain

from quetsach.forms.definition import (
    FACT,
    Aggregation,
    CheckRule,
    CountUnit,
    FormCheck,
    FormPart,
    Label,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    TableCount,
    as_row,
    kind_of,
)
from quetsach.texts import _

MOST_SECTIONS = 60
MOST_ENTRIES = 400
MOST_CHECKS = 400
MOST_CHOICES = 100
MOST_COLUMNS = 20
MOST_RECIPIENTS = 40
LONGEST_LABEL = 1_000
LONGEST_WORDS = 4_000

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z", re.ASCII)
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z", re.ASCII)
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z", re.ASCII)
_QUERY = re.compile(r"[a-z][a-z0-9_.]{0,79}\Z", re.ASCII)

_ALLOWED = {
    ReportFieldKind.COUNT: frozenset(Aggregation) - {Aggregation.TEXTS},
    ReportFieldKind.TEXT: frozenset((Aggregation.TEXTS, Aggregation.LATEST, Aggregation.NONE)),
    ReportFieldKind.CHOICE: frozenset((Aggregation.TEXTS, Aggregation.LATEST, Aggregation.NONE)),
    ReportFieldKind.TABLE: frozenset((Aggregation.TEXTS, Aggregation.LATEST, Aggregation.NONE)),
}
_OF_UNIT = {
    Aggregation.DISTINCT_ORGANISATIONS: CountUnit.ORGANISATIONS,
    Aggregation.DISTINCT_MACHINES: CountUnit.MACHINES,
}


def flaw(form: ReportFormDefinition) -> str | None:
    """Return the first thing that is wrong with `form`, or None."""
    return next(_flaws(form), None)


def _flaws(form: ReportFormDefinition) -> Iterator[str]:
    yield from _head(form)
    if not form.sections:
        yield _("it has no section")
    if len(form.sections) > MOST_SECTIONS:
        yield _("more than %(most)s sections") % {"most": MOST_SECTIONS}
    entries = form.entries()
    if len(entries) > MOST_ENTRIES:
        yield _("more than %(most)s fields") % {"most": MOST_ENTRIES}
    yield from _ids([entry.id for entry in entries], "id")
    yield from _ids([one.id for one in form.sections if one.id or one.optional], "section id")
    yield from chain.from_iterable(map(_section, form.sections))
    yield from chain.from_iterable(map(_entry, entries))
    if len(form.checks) > MOST_CHECKS:
        yield _("more than %(most)s checks") % {"most": MOST_CHECKS}
    yield from chain.from_iterable(_check(check, form) for check in form.checks)


def _head(form: ReportFormDefinition) -> Iterator[str]:
    if not _CODE.match(form.code):
        yield _("code %(code)s: only a-z, 0-9 and - are allowed") % {"code": repr(form.code[:80])}
    if not _VERSION.match(form.version):
        yield _("version %(version)s: only letters, digits and . _ - are allowed") % {
            "version": repr(form.version[:80])
        }
    if not 0 <= form.drop_percent <= 100:
        yield _("%(where)s: not in 0..100") % {"where": "drop_percent"}
    if len(form.recipients) > MOST_RECIPIENTS:
        yield _("more than %(most)s recipients") % {"most": MOST_RECIPIENTS}
    yield from _label(form.title, "title")
    for name in ("kind", "kind_code", "closing", "signer_post", "basis"):
        yield from _words(getattr(form, name) or "", name, LONGEST_WORDS)
    for recipient in form.recipients:
        yield from _words(recipient, "recipients", LONGEST_LABEL)


def _ids(ids: list[str], what: str) -> Iterator[str]:
    for identifier in ids:
        if not _ID.match(identifier):
            yield _("%(what)s %(id)s: only a-z, 0-9 and _ are allowed, a letter first") % {
                "what": what,
                "id": repr(identifier[:80]),
            }
    if len(set(ids)) != len(ids):
        yield _("%(what)s: the same name occurs twice") % {"what": what}


def _section(section: FormPart) -> Iterator[str]:
    where = f"sections.{section.number[:20]!r}"
    yield from _words(section.number, where, 20)
    yield from _label(section.title, where)
    yield from _note(section.note, where)
    if section.table is not None:
        for column in section.table.columns:
            yield from _label(column, where)


def _entry(field: ReportField | TableCount) -> Iterator[str]:
    yield from _label(field.label, field.id)
    yield from _note(field.note, field.id)
    if field.derived is not None and not _QUERY.match(field.derived):
        yield _("%(where)s: derived is not the name of a query") % {"where": field.id}
    kind = kind_of(field)
    if field.aggregation not in _ALLOWED[kind]:
        yield _("%(where)s: a field of kind %(kind)s cannot be added up by %(aggregation)s") % {
            "where": field.id,
            "kind": kind.value,
            "aggregation": field.aggregation.value,
        }
    needed_unit = _OF_UNIT.get(field.aggregation)
    if needed_unit is not None and field.unit is not needed_unit:
        yield _("%(where)s: %(aggregation)s counts %(unit)s alone") % {
            "where": field.id,
            "aggregation": field.aggregation.value,
            "unit": needed_unit.value,
        }
    if isinstance(field, ReportField):
        yield from _field(field)


def _field(field: ReportField) -> Iterator[str]:
    if not 1 <= field.lines <= 40:
        yield _("%(where)s: lines not in 1..40") % {"where": field.id}
    if field.kind is ReportFieldKind.COUNT and as_row(field) is None:
        yield _("%(where)s: a count without a unit") % {"where": field.id}
    if field.kind is not ReportFieldKind.COUNT and field.unit is not None:
        yield _("%(where)s: a unit, but no count") % {"where": field.id}
    if (field.kind is ReportFieldKind.CHOICE) != bool(field.choices):
        yield _("%(where)s: choices belong to a field of kind choice, and only there") % {
            "where": field.id
        }
    if (field.kind is ReportFieldKind.TABLE) != bool(field.columns):
        yield _("%(where)s: columns belong to a field of kind table, and only there") % {
            "where": field.id
        }
    if len(field.choices) > MOST_CHOICES or len(field.columns) > MOST_COLUMNS:
        yield _("%(where)s: more than %(choices)s choices or %(columns)s columns") % {
            "where": field.id,
            "choices": MOST_CHOICES,
            "columns": MOST_COLUMNS,
        }
    if field.several and field.kind is not ReportFieldKind.CHOICE:
        yield _("%(where)s: several answers, but no choice") % {"where": field.id}
    yield from _ids([one.id for one in field.choices], f"{field.id}.choices")
    yield from _ids([one.id for one in field.columns], f"{field.id}.columns")
    for choice in field.choices:
        yield from _label(choice.label, field.id)
    for column in field.columns:
        yield from _label(column.label, field.id)
    if any(one.kind not in (ReportFieldKind.TEXT, ReportFieldKind.COUNT) for one in field.columns):
        yield _("%(where)s: a column holds texts or counts") % {"where": field.id}


def _check(check: FormCheck, form: ReportFormDefinition) -> Iterator[str]:
    ids = frozenset(form.ids())
    counts = frozenset(row.id for row in form.counts())
    where = f"checks.{check.field[:80]!r}"
    yield from _note(check.note, where)
    if check.field not in counts:
        yield _("%(where)s: no count of this form") % {"where": where}
    for operand in check.of:
        allowed = ids if check.rule is CheckRule.NEEDS else counts
        if operand.startswith(FACT) and check.rule is not CheckRule.NEEDS:
            if not _ID.match(operand.removeprefix(FACT)):
                yield _("%(where)s: %(id)s is not the name of a fact") % {
                    "where": where,
                    "id": repr(operand[:80]),
                }
        elif operand not in allowed:
            yield _("%(where)s: %(id)s is not in the form, or no count") % {
                "where": where,
                "id": repr(operand[:80]),
            }
        elif operand == check.field:
            yield _("%(where)s: it names itself") % {"where": where}
    if (check.rule is CheckRule.DROP) == bool(check.of):
        yield _("%(where)s: a check of drop names nothing beside it, any other does") % {
            "where": where
        }
    if not 0 <= check.percent <= 100:
        yield _("%(where)s: not in 0..100") % {"where": f"{where}.percent"}
    compares = check.rule not in (CheckRule.DROP, CheckRule.NOT_WITHOUT)
    if compares and len(_units(check, form)) > 1:
        yield _("%(where)s: it compares unlike units") % {"where": where}


def _units(check: FormCheck, form: ReportFormDefinition) -> set[CountUnit]:
    if check.rule is CheckRule.NEEDS:
        return set()
    return {row.unit for row in form.counts() if row.id in (check.field, *check.of)}


def _note(note: Label | None, where: str) -> Iterator[str]:
    if note is not None:
        yield from _label(note, where)


def _label(label: Label, where: str) -> Iterator[str]:
    for text in (label.vi, label.en):
        yield from _words(text, where, LONGEST_LABEL)
        if not text.strip():
            yield _("%(where)s: a label is empty") % {"where": where}


def _words(text: str, where: str, longest: int) -> Iterator[str]:
    if len(text) > longest:
        yield _("%(where)s: a text is longer than %(most)s characters") % {
            "where": where,
            "most": longest,
        }
    # A control sign, half a surrogate, or one that turns the direction is not allowed on paper.
    if not text.replace("\u00a0", " ").isprintable():
        yield _("%(where)s: a text contains a character that cannot be printed") % {"where": where}
