"""What the search finds, each kind within the scope: units, cases, machines, papers, people."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.scope import NodeScope, node_scope
from quetsach_portal.cases.access import WORKERS, child_cases, own_cases
from quetsach_portal.cases.models.case import Case, CaseOutcome, Device
from quetsach_portal.cases.tables import case_id_in
from quetsach_portal.followup.access import READS_REPORTS
from quetsach_portal.intake.access import own_nodes
from quetsach_portal.letters.access import letters_of
from quetsach_portal.letters.tables import number_in, numbered
from quetsach_portal.looks.models import UnitMachine
from quetsach_portal.people.roles.scope import Scope, units_of
from quetsach_portal.reports.access import reads
from quetsach_portal.reports.models.document import ReportDocument
from quetsach_portal.units.searching import label_of, offered
from quetsach_portal.web.folding import folded, has_words, spellings, with_words
from quetsach_portal.worklist.named_people import LEAST_LETTERS, NamedPerson, people_named

LONGEST = 100
MOST = 10
"""Of one kind; with more, the page asks for more words."""

MOST_WEIGHED = 200
"""Of so many documents with a number is looked at who may read them, the newest first."""
MOST_COMPARED = 2_000
"""Of so many machines words are compared without marks; of more, as they are written."""

_MAC = re.compile(
    r"(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}", re.IGNORECASE
)


@dataclass(frozen=True)
class SearchEntry:
    """A result: what it is called, what tells it from others, and what a press opens."""

    title: str
    note: str
    address: str
    is_exact: bool = False
    person: str = ""
    """The number of what says who uses it, "" where it does not."""


@dataclass(frozen=True)
class SearchGroup:
    """The results of one kind; `has_more` where not all are listed."""

    title: str
    hits: Sequence[SearchEntry]
    has_more: bool

    @property
    def is_exact(self) -> bool:
        """True where one of them is exactly what was asked for."""
        return any(hit.is_exact for hit in self.hits)


@dataclass(frozen=True)
class SearchResults:
    """All results, the kinds with exact ones first.

    Shapes: `people` are the numbers of accounts and contacts that are shown, for the audit trail.
    """

    groups: Sequence[SearchGroup]
    people: Sequence[str]

    @property
    def total(self) -> int:
        """Return how many results are listed."""
        return sum(len(group.hits) for group in self.groups)


def results_of(scope: Scope, words: str) -> SearchResults:
    """Return what `words` name within `scope`.

    Cost: some ten queries, each of at most MOST + 1 rows, and the names of people (`people.py`).
    """
    people = people_named(scope, words, most=MOST + 1)
    machines = _machine_hits(scope, words)
    groups = [
        _group(_lazy("Cases and machines"), _case_hits(scope, words)),
        _group(_lazy("Units"), _unit_hits(scope, words)),
        _group(_lazy("Machines"), machines),
        _group(_lazy("Letters"), _letter_hits(scope, words)),
        _group(_lazy("Reports"), _report_hits(scope, words)),
        _group(_lazy("People"), [_person_hit(person, words) for person in people]),
    ]
    shown = [group for group in groups if group.hits]
    shown.sort(key=lambda group: not group.is_exact)
    numbers = [person.number for person in people[:MOST]]
    return SearchResults(shown, numbers + [hit.person for hit in machines[:MOST] if hit.person])


def _group(title: object, hits: Iterable[SearchEntry]) -> SearchGroup:
    unique = list({(hit.address, hit.title): hit for hit in hits}.values())
    unique.sort(key=lambda hit: not hit.is_exact)
    return SearchGroup(str(title), unique[:MOST], len(unique) > MOST)


def _unit_hits(scope: Scope, words: str) -> list[SearchEntry]:
    asked = folded(words)
    hits = []
    for unit in offered(units_of(scope), words):
        is_exact = asked in (folded(unit.code), folded(unit.name), folded(label_of(unit)))
        note = unit.code if unit.parent is None else f"{unit.code} · {unit.parent.name}"
        hits.append(SearchEntry(unit.name, note, reverse("units:show", args=[unit.pk]), is_exact))
    return hits


def _case_hits(scope: Scope, words: str) -> list[SearchEntry]:
    """Return cases by their number, and by the machine that they are about.

    Those above a unit see the number of a case that they verify, and nothing of its machine.
    """
    hits = []
    case_id = case_id_in(words)
    if case_id is not None:
        hits = [_case_hit(case, is_exact=True) for case in own_cases(scope).filter(pk=case_id)]
        hits += [_check_hit(case) for case in child_cases(scope).filter(pk=case_id)]
    if scope.has_role(*WORKERS) and len(words) > 1:
        for case in _by_machine(scope, words)[: MOST + 1]:
            is_exact = words.casefold() in {part.casefold() for part in _names_of(case.device)}
            hits.append(_case_hit(case, is_exact=is_exact))
    return hits


def _case_hit(case: Case, *, is_exact: bool) -> SearchEntry:
    parts = [case.device.mac, *case.device.addresses[:3], case.node.name_at_freeze]
    state = case.get_outcome_display() if case.closed_at else case.get_state_display()
    note = " · ".join([str(state), *(str(part) for part in parts if part)])
    address = reverse("cases:show", args=[case.pk])
    return SearchEntry(f"{case.number}: {case.device}", note, address, is_exact)


def _check_hit(case: Case) -> SearchEntry:
    address = reverse("cases:check", args=[case.pk])
    return SearchEntry(case.number, case.node.name_at_freeze, address, is_exact=True)


def _names_of(device: Device) -> list[str]:
    return [device.label, device.host_name, device.mac, device.key, *map(str, device.addresses)]


def _by_machine(scope: Scope, words: str) -> QuerySet[Case]:
    units = scope.own_units(*WORKERS)
    devices = Device.objects.filter(node__unit_id__in=units).annotate(
        held=Cast("addresses", TextField())
    )
    is_named = Q(pk__in=[])
    for spelling in _machine_spellings(words):
        is_named |= Q(label__icontains=spelling) | Q(host_name__icontains=spelling)
        is_named |= Q(mac__iexact=spelling) | Q(key__icontains=spelling)
    address = _ip(words)
    if address:
        is_named |= Q(held__contains=f'"{address}"')
    devices = devices.filter(is_named)
    of_machine = Q(device__in=devices.values("pk")) | Q(
        device__in=devices.exclude(merged_into=None).values("merged_into")
    )
    rows = own_cases(scope).filter(of_machine).exclude(outcome=CaseOutcome.MERGED)
    return rows.order_by("closed_at", "-pk")


def _machine_spellings(words: str) -> list[str]:
    """Return how the name or hardware address in `words` may be stored."""
    if not _MAC.fullmatch(words):
        return spellings(words)
    digits = re.sub(r"[^0-9a-f]", "", words.lower())
    pairs = [digits[place : place + 2] for place in range(0, 12, 2)]
    return [":".join(pairs), "-".join(pairs), digits]


def _ip(words: str) -> str:
    try:
        return str(ipaddress.ip_address(words))
    except ValueError:
        return ""


def _letter_hits(scope: Scope, words: str) -> list[SearchEntry]:
    number = number_in(words)
    if number is None:
        return []
    hits = []
    rows = letters_of(scope).filter(numbered(words))
    for letter in rows.distinct().order_by("-pk")[: MOST + 1]:
        shown = f"{letter.number}/{letter.code}" if letter.code else str(letter.number or "")
        day = "" if letter.signed_on is None else date_format(letter.signed_on, "SHORT_DATE_FORMAT")
        title = _("No. %(number)s: %(subject)s") % {"number": shown, "subject": letter.subject}
        note = " · ".join(part for part in (letter.issuer_name, day) if part)
        is_exact = letter.number == number[0] or _is_code(number[1], letter.code)
        hits.append(SearchEntry(title, note, reverse("letters:letter", args=[letter.pk]), is_exact))
    return hits


def _report_hits(scope: Scope, words: str) -> list[SearchEntry]:
    """Return the documents of reports with this number, of units whose reports may be read."""
    number = number_in(words)
    if number is None or not scope.has_role(*READS_REPORTS):
        return []
    rows = ReportDocument.objects.filter(scope.visible("version__slot__node__unit__"))
    rows = rows.filter(number=number[0], code__icontains=number[1])
    rows = rows.select_related("version__slot__node__campaign", "version__slot__phase")
    seats: dict[int, NodeScope] = {}
    hits: dict[int, SearchEntry] = {}
    for document in rows.order_by("-pk")[:MOST_WEIGHED]:
        version, node = document.version, document.version.slot.node
        seats.setdefault(node.campaign_id, node_scope(scope, node.campaign))
        if version.pk in hits or not reads(seats[node.campaign_id], node):
            continue
        title = _("Report No. %(number)s") % {"number": document.full_number}
        note = " · ".join((node.name_at_freeze, str(node.campaign)))
        address = reverse("reports:version", args=[version.pk])
        is_exact = not number[1] or _is_code(number[1], document.code)
        hits[version.pk] = SearchEntry(title, note, address, is_exact)
        if len(hits) > MOST:
            break
    return list(hits.values())


def _is_code(asked: str, code: str) -> bool:
    return bool(asked) and asked.casefold() == code.casefold()


def _machine_hits(scope: Scope, words: str) -> list[SearchEntry]:
    """Return the machines of the own units, by name, room, who uses it, asset tag or address."""
    nodes = {node.unit_id: node.pk for node in reversed(own_nodes(scope))}
    if not nodes or len(words) < LEAST_LETTERS:
        return []
    rows = UnitMachine.objects.filter(unit_id__in=nodes, ended_at=None, same_as=None)
    hits = []
    for machine in _named_machines(rows, words):
        names = (machine.name, machine.hostname, machine.asset_tag)
        parts = (machine.asset_tag, machine.room, machine.user_role, machine.unit.name)
        address = reverse("intake:machines", args=[nodes[machine.unit_id]])
        hits.append(
            SearchEntry(
                title=machine.name,
                note=" · ".join(part for part in parts if part),
                address=f"{address}?{urlencode({'q': machine.name})}",
                is_exact=words.casefold() in {name.casefold() for name in names if name},
                person=f"machine:{machine.pk}" if machine.user_role else "",
            )
        )
    return hits


def _named_machines(rows: QuerySet[UnitMachine], words: str) -> list[UnitMachine]:
    """Return those of `rows` that `words` name, those with exactly this name first."""
    fields = ("name", "hostname", "asset_tag", "room", "user_role")
    exact = Q(name__iexact=words) | Q(hostname__iexact=words) | Q(asset_tag__iexact=words)
    if _MAC.fullmatch(words):
        text = rows.annotate(cards=Cast("macs", TextField()))
        dashed = _machine_spellings(words)[1].upper()
        return list(text.filter(cards__contains=dashed).select_related("unit")[: MOST + 1])
    same = list(rows.filter(exact).select_related("unit").order_by("name", "pk")[: MOST + 1])
    texts = list(rows.values_list("pk", *fields)[: MOST_COMPARED + 1])
    if len(texts) > MOST_COMPARED:
        named = with_words(words, folded_in=(), text_in=fields)
    else:
        numbers = [row[0] for row in texts if has_words(words, row[1:])]
        named = Q(pk__in=numbers[: MOST + 1])
    more = rows.filter(named).exclude(pk__in=[machine.pk for machine in same])
    return [*same, *more.select_related("unit").order_by("name", "pk")[: MOST + 1 - len(same)]]


def _person_hit(person: NamedPerson, words: str) -> SearchEntry:
    is_exact = folded(words) in (folded(person.name), folded(person.mail))
    address = reverse(person.opens, args=[person.unit_id])
    note = " · ".join((person.role, person.unit_name))
    return SearchEntry(person.name or person.unit_name, note, address, is_exact)
