"""Logs: each form of a file with its dialects, each line by its own form, and whole files.

A damaged line must be an event, a reject or skipped, exactly once, and its events must fit the
schema.
"""

import sys
from functools import partial

import pyarrow as pa

from bench.fuzz.target import BrokenPromiseError, FuzzTarget
from quetsach.evidence.line_ends import line_ends_of, rewritten
from quetsach.formats import line_forms, registry
from quetsach.formats.contract import HEAD_BYTES, Format, ParsedLines
from quetsach.formats.dialects import reading, tokens
from quetsach.formats.dialects.shipped_dialects import DialectFormat
from quetsach.formats.shared import peeling
from quetsach.schema import EVENT
from tests.formats.golden import TAKEN_US, ZONE, layout_of, lines_of, samples

_WHOLE = {"mixed-log"}


def log_targets() -> list[FuzzTarget]:
    """Return a target for each form of logs."""
    targets = [_of_form(form) for form in registry.all_formats()]
    everything = [sample for form in registry.all_formats() for sample in _samples_of(form)]
    targets.append(
        FuzzTarget(
            "log.any-file", read_any_log, lambda: everything, (registry, line_forms, peeling)
        )
    )
    targets.append(
        FuzzTarget(
            "log.any-line",
            read_any_line,
            lambda: everything,
            (line_forms, peeling),
            by_line=True,
        )
    )
    return targets


def _samples_of(form: Format) -> list[bytes]:
    return [path.read_bytes() for path in samples(form)]


def _of_form(form: Format) -> FuzzTarget:
    contents = _samples_of(form)
    is_dialect = isinstance(form, DialectFormat)
    modules = (reading, tokens) if is_dialect else (sys.modules[type(form).__module__],)
    by_record = any(layout_of(form, content).record is not None for content in contents)
    return FuzzTarget(
        f"log.{form.name}",
        partial(read_by, form),
        lambda: contents,
        modules,
        by_line=not by_record and form.name not in _WHOLE,
    )


def read_by(form: Format, content: bytes) -> None:
    """Read `content` by one form, as a sweep reads a file of it."""
    if not form.recognise(content[:HEAD_BYTES]):
        # No layout is asked of what another form would read.
        return
    layout = layout_of(form, content)
    lines = lines_of(content)
    check(form.parse(lines, layout, ZONE), {offset for offset, _line in lines})


def check(rows: ParsedLines, offsets: set[int]) -> None:
    """Fail unless each line is in exactly one of the three, and the events fit the schema."""
    of_events = {offset for offset, _event in rows.events}
    of_rejects = [reject.offset for reject in rows.rejects]
    told = [*of_events, *of_rejects, *rows.skipped]
    if len(told) != len(offsets) or set(told) != offsets:
        raise BrokenPromiseError("a line is in none of the three, or in two")
    for _offset, event in rows.events:
        if None in event.values() or not event.get("event.dataset"):
            raise BrokenPromiseError("an event without data set, or with None")
        if not _NAMES.issuperset(event):
            raise BrokenPromiseError(f"not in the schema: {sorted(set(event) - _NAMES)[:3]}")
    pa.Table.from_pylist([dict(event) for _offset, event in rows.events], schema=EVENT)


_NAMES = frozenset(EVENT.names)


def read_any_log(content: bytes) -> None:
    """Read `content` as a sweep does: by the form of its head, then each line by its own."""
    content = rewritten(content, line_ends_of(content[:HEAD_BYTES]))
    form = registry.recognise(content[:HEAD_BYTES])
    layout = layout_of(form, content)
    lines = lines_of(content)
    rows = form.parse(lines, layout, ZONE)
    if layout.record is None:
        rows = line_forms.second_look(rows, lines, ZONE, TAKEN_US)
    check(rows, {offset for offset, _line in lines})


def read_any_line(content: bytes) -> None:
    """Read each line of `content` by the form that it has itself."""
    for line in content.split(b"\n"):
        record = line_forms.read_line(line, ZONE, TAKEN_US)
        if record is not None:
            pa.Table.from_pylist([dict(record)], schema=EVENT)
