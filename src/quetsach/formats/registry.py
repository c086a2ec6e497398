"""The list of formats, and which of them a file is of."""

from collections import Counter
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING

from quetsach.formats import loading
from quetsach.formats.coded_forms import (
    CODED,
    LENIENT,
    CodedForm,
    FileHead,
    csv_documents,
    mixed_log,
)
from quetsach.formats.contract import Format
from quetsach.formats.dialects.indexing import shipped_index
from quetsach.formats.shared.text_lines import first_lines

if TYPE_CHECKING:
    from quetsach.entry_points import PluginOffer

MIXED = "mixed-log"
FALL_BACK = "text"
"""The format for what no other knows; it comes last."""

_OF_PLAIN_LINES = {
    "fortigate", "windows-dns", "conntrack", "natlog", "cisco-asa", "paloalto", "mikrotik",
    "ios-nat", "squid", "web-log",
}  # fmt: skip
"""Formats in Python that would find their lines in a wrapper, too, and take it for a part of them:
a wrapped line is peeled, and read by itself."""

_OF_A_SERVER = {"dhcp-syslog", "netfilter", "dnsmasq"}


def all_formats() -> tuple[Format, ...]:
    """Return every format, in the order in which a file is shown to them."""
    return tuple(
        by_name(name)
        for name in (
            *(form.name for form in CODED),
            *(one.name for one in shipped_index().dialects),
            MIXED,
            *(form.name for form in LENIENT),
            FALL_BACK,
        )
    )


def offered_formats() -> "tuple[tuple[Format, PluginOffer], ...]":
    """Return the formats of other packages, behind all of ours, each with where it is from."""
    from quetsach.formats.plugin_formats import plugin_dialects, plugin_formats

    return (
        *((form, form.offer) for form in plugin_formats()),
        *((dialect.format, dialect.offer) for dialect in plugin_dialects()),
    )


def recognise(head: bytes) -> Format:
    """Return the format of a file that begins with `head`, the fall-back where none knows it."""
    shown = FileHead(head)
    for form in CODED:
        if _knows(form, shown) and not (form.name in _OF_PLAIN_LINES and is_wrapped(head)):
            return form.format
    return _by_its_lines(shown)


def _knows(form: CodedForm, head: FileHead) -> bool:
    return form.may_know(head) and form.format.recognise(head.whole)


def _by_its_lines(head: FileHead) -> Format:
    """Return the format of a file whose lines each have a form of their own."""
    from quetsach.formats.mixed_log import form_names

    shown = list(first_lines(head.whole))
    lines, counts = len(shown), Counter[str]()
    for name in form_names(shown):
        counts[name] += 1
        if 2 * counts[name] > lines and name not in _OF_A_SERVER:
            # Whatever the other lines are, most of all are of this form.
            break
    forms = counts.most_common()
    if all(name in _OF_A_SERVER for name, _ in forms):
        lenient = next((form for form in LENIENT if _knows(form, head)), None)
        if lenient is not None:
            return lenient.format
    if not forms:
        return _offered(head) or by_name(FALL_BACK)
    most, number = forms[0]
    known_lines = sum(count for _, count in forms)
    # A file has the form of most lines; where few are known, it is read line by line.
    is_file_form = 2 * number > lines or (2 * number > known_lines and 4 * number >= lines)
    if most in _OF_PLAIN_LINES and is_wrapped(head.whole):
        return by_name(MIXED)
    if 2 * known_lines <= lines and (others := _offered(head)) is not None:
        return others
    return by_name(most if is_file_form else MIXED)


def _offered(head: FileHead) -> Format | None:
    """Return the format of another package that takes a file of which we know but few lines."""
    from quetsach.formats.plugin_formats import plugin_formats

    return next((form for form in plugin_formats() if form.recognise(head.whole)), None)


def is_wrapped(head: bytes) -> bool:
    """Return whether a collector put most of the first lines into JSON, or a table holds them."""
    lines = list(first_lines(head))
    if any(b"{" in line for line in lines):
        from quetsach.formats.shared.peeling import peel

        in_json = (
            b"{" in line and peel(line, UTC, None)[-1].document is not None for line in lines
        )
        if 2 * sum(in_json) > len(lines):
            return True
    return csv_documents().recognise(head)


@cache
def by_name(name: str) -> Format:
    """Return the format with this name.

    Errors: KeyError where there is none.
    """
    if name in (MIXED, FALL_BACK):
        return mixed_log() if name == MIXED else loading.free_text()
    coded = next((form for form in (*CODED, *LENIENT) if form.name == name), None)
    if coded is not None:
        return coded.format
    from quetsach.formats.dialects.shipped_dialects import dialect_format

    try:
        return dialect_format(name)
    except KeyError:
        from quetsach.formats.plugin_formats import plugin_format

        return plugin_format(name)
