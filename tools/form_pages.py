"""The page of the forms that are shipped, for tools.docs."""

from collections.abc import Iterator

from quetsach.forms.definition import (
    FACT,
    CheckRule,
    FormCheck,
    FormPart,
    ReportField,
    ReportFormDefinition,
    TableCount,
    kind_of,
)
from quetsach.forms.reading import form_digest, shipped_codes, shipped_form

_HEADS = ("id", "asks (tiếng Việt)", "asks (English)", "kind, unit", "adds up by", "query")
_SAID = {
    CheckRule.NOT_MORE: "is no more than",
    CheckRule.SUM_OF: "is exactly",
    CheckRule.NEEDS: "above 0 needs an answer to",
    CheckRule.DROP: "may fall since the last phase by at most",
}


def shipped_forms() -> list[ReportFormDefinition]:
    """Return all forms that are shipped, with all their blocks."""
    return [shipped_form(code) for code in shipped_codes()]


def sections_of(
    form: ReportFormDefinition,
) -> Iterator[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """Yield for each section of `form` its title, the heads of its table, and its rows."""
    for section in form.sections:
        rows = [_row(entry) for entry in entries_of(section)]
        yield _title(section), _HEADS, rows


def checks_of(form: ReportFormDefinition) -> list[str]:
    """Return a sentence for each check of `form`."""
    return [_check(check) for check in form.checks]


def told(form: ReportFormDefinition) -> str:
    """Return what a form is, in a line: version, digest, titles."""
    return (
        f"{form.title.vi} ({form.title.en}). Version {form.version}, "
        f"digest `{form_digest(form)[:16]}`."
    )


def _title(section: FormPart) -> str:
    block = f" (block `{section.id}`)" if section.optional else ""
    return f"{section.number}. {section.title.vi} / {section.title.en}{block}"


def entries_of(section: FormPart) -> tuple[ReportField | TableCount, ...]:
    """Return what a section asks: its fields, then the rows of its table."""
    return (*section.fields, *(() if section.table is None else section.table.rows))


def _row(entry: ReportField | TableCount) -> tuple[str, ...]:
    kind = kind_of(entry).value
    unit = f", {entry.unit.value}" if entry.unit else ""
    query = f"`{entry.derived}`" if entry.derived else ""
    star = " *" if entry.required else ""
    return (
        f"`{entry.id}`{star}",
        entry.label.vi,
        entry.label.en,
        f"{kind}{unit}",
        entry.aggregation.value,
        query,
    )


def _check(check: FormCheck) -> str:
    of = " + ".join(f"`{one}`" for one in check.of) or f"{check.percent} %"
    return f"`{check.field}` {_SAID[check.rule]} {of}".replace(f"`{FACT}", "the fact `")
