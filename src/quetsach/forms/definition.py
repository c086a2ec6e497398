"""What a report form is made of: sections, fields, rows, units, and how each adds up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from quetsach.texts import Language


class CountUnit(StrEnum):
    """What a count counts; unlike units are never added."""

    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    TURNS = "turns"
    MACHINES = "machines"
    ADDRESSES = "addresses"
    DETECTIONS = "detections"
    HOURS = "hours"
    INDICATORS = "indicators"
    FILES = "files"
    DOCUMENTS = "documents"
    EVENTS = "events"
    SITES = "sites"
    DAYS = "days"
    DONG = "dong"


class ReportFieldKind(StrEnum):
    """What a field asks for."""

    TEXT = "text"
    COUNT = "count"
    CHOICE = "choice"
    TABLE = "table"


class Aggregation(StrEnum):
    """How the values of many units are combined."""

    SUM = "sum"
    DISTINCT_ORGANISATIONS = "distinct_organisations"
    DISTINCT_MACHINES = "distinct_machines"
    LATEST = "latest"
    TEXTS = "texts"
    NONE = "none"


class TextSource(StrEnum):
    """The sources from which a field can be filled in automatically."""

    PERSON = "person"
    UNIT = "unit"
    SWEEP = "sweep"


class Severity(StrEnum):
    """What a remark requires: a reason, or another figure."""

    WARNING = "warning"
    ERROR = "error"


class CheckRule(StrEnum):
    """What a check compares."""

    NOT_MORE = "not_more"
    """The field is no more than all of `of` together."""
    SUM_OF = "sum_of"
    """The field is exactly all of `of` together."""
    NEEDS = "needs"
    """Where the field is more than zero, each of `of` is answered."""
    NOT_WITHOUT = "not_without"
    """The field is zero while one of `of` is zero."""
    DROP = "drop"
    """The field has not fallen by more than `percent` since the last phase; 0 turns it off."""


FACT = "fact:"
"""The prefix of a fact's name in a check, such as `fact:staff`; all else is a field."""


@dataclass(frozen=True)
class Label:
    """One text of the form in Vietnamese, which is printed, and in English."""

    vi: str
    en: str

    def of(self, language: Language) -> str:
        """Return the label in `language`."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True)
class Choice:
    """One answer that a choice field offers."""

    id: str
    label: Label


@dataclass(frozen=True)
class TableColumn:
    """One column of a table field."""

    id: str
    label: Label
    kind: ReportFieldKind = ReportFieldKind.TEXT
    unit: CountUnit | None = None


@dataclass(frozen=True)
class ReportField:
    """One thing that a form asks for outside its tables of counts.

    `derived` names a query that can answer it; `lines` are the dotted lines where it is left open.
    """

    id: str
    label: Label
    source: TextSource = TextSource.PERSON
    lines: int = 1
    below: bool = False
    kind: ReportFieldKind = ReportFieldKind.TEXT
    unit: CountUnit | None = None
    aggregation: Aggregation = Aggregation.NONE
    derived: str | None = None
    required: bool = False
    note: Label | None = None
    choices: tuple[Choice, ...] = ()
    several: bool = False
    columns: tuple[TableColumn, ...] = ()


@dataclass(frozen=True)
class TableCount:
    """One count of a table, with what it counts."""

    id: str
    label: Label
    unit: CountUnit
    aggregation: Aggregation = Aggregation.SUM
    derived: str | None = None
    required: bool = False
    note: Label | None = None


@dataclass(frozen=True)
class CountTable:
    """A table of counts: number, content, quantity, remarks."""

    columns: tuple[Label, Label, Label, Label]
    rows: tuple[TableCount, ...]


@dataclass(frozen=True)
class FormPart:
    """A numbered part of a form: fields, then a table; an optional one is a block to choose."""

    number: str
    title: Label
    fields: tuple[ReportField, ...] = ()
    table: CountTable | None = None
    optional: bool = False
    id: str = ""
    note: Label | None = None


@dataclass(frozen=True)
class FormCheck:
    """One rule between figures; `of` are ids of fields, or facts of the unit (`fact:staff`)."""

    rule: CheckRule
    field: str
    of: tuple[str, ...] = ()
    percent: int = 0
    severity: Severity = Severity.WARNING
    note: Label | None = None


@dataclass(frozen=True)
class ReportFormDefinition:
    """A report form: its head, its sections in order, its checks, and the words that close it.

    `drop_percent` is how far a count may fall since the last phase before a reason is required.
    """

    code: str
    version: str
    title: Label
    sections: tuple[FormPart, ...]
    kind: str
    kind_code: str
    closing: str
    signer_post: str
    recipients: tuple[str, ...]
    basis: str | None = None
    checks: tuple[FormCheck, ...] = ()
    drop_percent: int = 50

    def entries(self) -> tuple[ReportField | TableCount, ...]:
        """Return all fields and rows, in the form's order."""
        return self._entries

    @cached_property
    def _entries(self) -> tuple[ReportField | TableCount, ...]:
        entries: list[ReportField | TableCount] = []
        for section in self.sections:
            entries += section.fields
            entries += section.table.rows if section.table else ()
        return tuple(entries)

    def added(self) -> tuple[tuple[ReportField | TableCount, Aggregation | None], ...]:
        """Return all fields and rows, each with how it is added up over units, None if it is not.

        Cost: computed once; adding up needs it for millions of figures.
        """
        return self._added

    @cached_property
    def _added(self) -> tuple[tuple[ReportField | TableCount, Aggregation | None], ...]:
        return tuple((entry, added_as(entry)) for entry in self._entries)

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all fields and rows, in the form's order."""
        return tuple(entry.id for entry in self._entries)

    def counts(self) -> tuple[TableCount, ...]:
        """Return all counts in the form's order; a count outside a table as a row, too."""
        return tuple(row for row in map(as_row, self.entries()) if row is not None)

    def entry(self, key: str) -> ReportField | TableCount | None:
        """Return the field or row of this id, or None."""
        return self._by_id.get(key)

    @cached_property
    def _by_id(self) -> Mapping[str, ReportField | TableCount]:
        return {entry.id: entry for entry in self._entries}

    def blocks(self) -> tuple[FormPart, ...]:
        """Return the sections that can be left out."""
        return tuple(section for section in self.sections if section.optional)


def as_row(field: ReportField | TableCount) -> TableCount | None:
    """Return a count as a row of a table; None for what is no count."""
    if isinstance(field, TableCount):
        return field
    if field.kind is not ReportFieldKind.COUNT or field.unit is None:
        return None
    return TableCount(
        field.id,
        field.label,
        field.unit,
        field.aggregation,
        field.derived,
        field.required,
        field.note,
    )


COUNTED = (
    Aggregation.SUM,
    Aggregation.DISTINCT_ORGANISATIONS,
    Aggregation.DISTINCT_MACHINES,
)
"""How the counts are put together that are added up over units."""


def added_as(entry: ReportField | TableCount) -> Aggregation | None:
    """Return how a count is added up over units; None for what is not."""
    is_added = kind_of(entry) is ReportFieldKind.COUNT and entry.aggregation in COUNTED
    return entry.aggregation if is_added else None


def kind_of(entry: ReportField | TableCount) -> ReportFieldKind:
    """Return what a field or row asks for."""
    return ReportFieldKind.COUNT if isinstance(entry, TableCount) else entry.kind


def with_blocks(form: ReportFormDefinition, blocks: tuple[str, ...]) -> ReportFormDefinition:
    """Return `form` with those optional sections alone that `blocks` names, numbered anew."""
    kept = [one for one in form.sections if not one.optional or one.id in blocks]
    numbered = tuple(replace(one, number=str(place)) for place, one in enumerate(kept, 1))
    reduced = replace(form, sections=numbered)
    ids = set(reduced.ids())
    checks = tuple(
        check
        for check in form.checks
        if check.field in ids and all(one in ids or one.startswith(FACT) for one in check.of)
    )
    return replace(reduced, checks=checks)


UNIT_LABELS: Mapping[CountUnit, Label] = MappingProxyType(
    {
        CountUnit.ORGANISATIONS: Label("cơ quan, tổ chức", "organisations"),
        CountUnit.PEOPLE: Label("người", "people"),
        CountUnit.TURNS: Label("lượt", "turns"),
        CountUnit.MACHINES: Label("máy", "machines"),
        CountUnit.ADDRESSES: Label("địa chỉ", "addresses"),
        CountUnit.DETECTIONS: Label("lượt phát hiện", "detections"),
        CountUnit.HOURS: Label("giờ", "hours"),
        CountUnit.INDICATORS: Label("chỉ báo", "indicators"),
        CountUnit.FILES: Label("tệp", "files"),
        CountUnit.DOCUMENTS: Label("văn bản", "documents"),
        CountUnit.EVENTS: Label("vụ, lần", "events"),
        CountUnit.SITES: Label("trang, máy chủ", "sites"),
        CountUnit.DAYS: Label("ngày", "days"),
        CountUnit.DONG: Label("đồng", "dong"),
    }
)
"""What each unit is called beside a number."""
