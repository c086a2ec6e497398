"""The forms of lists, in the order of trial; the first that recognises a file reads it.

A form with distinctive marks comes before one that accepts anything. A list that holds nothing but
names and addresses, one a line, is of none of them but the last, and then none else is loaded.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, overload

from quetsach.indicators.formats.contract import ListFile, ListFormat
from quetsach.indicators.formats.plain import PlainList

if TYPE_CHECKING:
    from quetsach.indicators.formats.plugin_lists import PluginList


@cache
def _all() -> tuple[ListFormat, ...]:
    from quetsach.indicators.formats.adblock import Adblock
    from quetsach.indicators.formats.csv_table import CsvTable
    from quetsach.indicators.formats.dnsmasq import Dnsmasq
    from quetsach.indicators.formats.feeds import FeedJson, FeedTable
    from quetsach.indicators.formats.hosts import Hosts
    from quetsach.indicators.formats.maltrail import Maltrail
    from quetsach.indicators.formats.mapped_table import MappedTable
    from quetsach.indicators.formats.misp import MispCsv
    from quetsach.indicators.formats.misp_event import MispEvent
    from quetsach.indicators.formats.notices import Notices
    from quetsach.indicators.formats.openioc import OpenIoc
    from quetsach.indicators.formats.paper import DocumentList
    from quetsach.indicators.formats.plain import AsnList, Checksums, PiholeRegex, Wise
    from quetsach.indicators.formats.prose import ProseList
    from quetsach.indicators.formats.release import ReleaseFile
    from quetsach.indicators.formats.rpz import Rpz
    from quetsach.indicators.formats.sigma import Sigma
    from quetsach.indicators.formats.stix import Stix
    from quetsach.indicators.formats.suricata_lists import SuricataDataset, SuricataIprep
    from quetsach.indicators.formats.suricata_rules import SuricataRules
    from quetsach.indicators.formats.unbound import Unbound
    from quetsach.indicators.formats.zeek_intel import ZeekIntel

    return (
        ReleaseFile(),
        MappedTable(),
        Stix(),
        MispEvent(),
        MispCsv(),
        OpenIoc(),
        Sigma(),
        ZeekIntel(),
        SuricataRules(),
        SuricataDataset(),
        SuricataIprep(),
        Maltrail(),
        Rpz(),
        Dnsmasq(),
        Unbound(),
        Adblock(),
        PiholeRegex(),
        Notices(),
        FeedTable(),
        Wise(),
        AsnList(),
        Checksums(),
        FeedJson(),
        Hosts(),
        DocumentList(),
        CsvTable(),
        ProseList(),
        _PLAIN,
    )


_PLAIN = PlainList()


class ListForms(Sequence[ListFormat]):
    """All forms, loaded when one of them is asked for."""

    @overload
    def __getitem__(self, place: int) -> ListFormat: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[ListFormat]: ...

    def __getitem__(self, place: int | slice) -> ListFormat | Sequence[ListFormat]:
        return _all()[place]

    def __iter__(self) -> Iterator[ListFormat]:
        return iter(_all())

    def __len__(self) -> int:
        return len(_all())


FORMS: Sequence[ListFormat] = ListForms()


_TAKES_MUCH = "hosts"
"""From this form on, forms take what has no mark of another; those of others come before them."""


def forms_asked(file: ListFile, forms: Sequence[ListFormat] = FORMS) -> Iterable[ListFormat]:
    """Return the forms that `file` is shown to, in order: the last alone where it is bare."""
    if forms is not FORMS:
        return forms
    return (_PLAIN,) if is_bare(file) else _with_offered()


def _with_offered() -> Iterator[ListFormat]:
    """Yield all forms; other packages are looked at when no form with marks took the file."""
    for form in FORMS:
        if form.name == _TAKES_MUCH:
            yield from offered_lists()
        yield form


def offered_lists() -> "tuple[PluginList, ...]":
    """Return the forms of other packages, in the order in which they are asked."""
    from quetsach.indicators.formats.plugin_lists import plugin_lists

    return plugin_lists(frozenset(form.name for form in FORMS) | _READ_ELSEWHERE)


_READ_ELSEWHERE = frozenset({"other", "binary", "link", "column-map", "document"})
"""Names that a reading has which is of none of the forms."""


_SUFFIXES = ("", ".txt", ".text", ".list", ".lst")
_MOST_BYTES = 1 << 20
_BARE = re.compile(
    rb"(?:(?:(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}"
    rb"|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})\r?(?:\n|\Z))+\Z"
)


def is_bare(file: ListFile) -> bool:
    """Return whether `file` surely is a plain list: names and IPv4 addresses, one a line.

    Without comment, blank or sign it can be of no other form.
    """
    return (
        file.suffix in _SUFFIXES
        and not file.options.column_maps
        and len(file.raw) <= _MOST_BYTES
        and _BARE.match(file.raw) is not None
    )
