"""The long tables of cases: their columns, where words are found, and what is overdue."""

import re
from dataclasses import replace

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.web.tables import Column, LongList

_NUMBER = re.compile(r"(?:VV-?)?0*([1-9]\d{0,8})", re.IGNORECASE | re.ASCII)


def case_id_in(words: str) -> int | None:
    """Return the case whose number `words` are, as "VV-000012" or "12"; None where they are none.

    Shapes: "12" may be something else as well.
    """
    number = _NUMBER.fullmatch(words)
    return None if number is None else int(number[1])


CASES = LongList(
    _lazy("Cases"),
    {
        "choose": Column(_lazy("Choose"), css="pick", is_hidden=True),
        "case": Column(_lazy("Case"), "pk"),
        "machine": Column(_lazy("Machine"), "device__host_name"),
        "state": Column(_lazy("State"), "state"),
        "seen": Column(_lazy("Last sighting"), "last_seen", is_optional=True),
        "due": Column(_lazy("To be done by"), "due_at", is_optional=True),
        "who": Column(_lazy("Who works on it"), "technician__name", is_optional=True),
    },
    text_in=("device__label", "device__host_name", "device__mac", "device__key"),
    find=lambda words: Q(pk=case_id_in(words)),
    late=lambda: Q(closed_at__isnull=True, due_at__lte=timezone.now()),
)

CHECKS = LongList(
    _lazy("Cases to verify"),
    {
        "case": Column(_lazy("Case"), "pk"),
        "unit": Column(_lazy("Unit"), "node__name_at_freeze"),
        "ended": Column(_lazy("Ended"), "closed_at"),
        "how": Column(_lazy("How"), "outcome"),
        "covered": Column(_lazy("Days covered"), "covered_days", "number"),
        "alive": Column(_lazy("Active days"), "alive_days", "number"),
        "says": Column(_lazy("Your statement"), "verifier_says"),
    },
    folded_in=("node__unit__search",),
    text_in=("node__name_at_freeze",),
    find=lambda words: Q(pk=case_id_in(words)),
)

ALARMS = LongList(
    _lazy("False alarms"),
    {
        "indicator": Column(_lazy("Indicator")),
        "scope": Column(_lazy("Where it applies"), "scope"),
        "unit": Column(_lazy("Unit"), "case__node__name_at_freeze"),
        "proposed": Column(_lazy("Proposed"), "proposed_at"),
        "state": Column(_lazy("State"), "state"),
    },
    folded_in=("case__node__unit__search",),
    text_in=("case__node__name_at_freeze",),
)
"""Its indicators may be marked, so that no search tells of them."""

BATCHES = LongList(
    _lazy("Files of notices"),
    {
        "file": Column(_lazy("File"), "stored__name"),
        "unit": Column(_lazy("Unit"), "node__name_at_freeze"),
        "handed_in": Column(_lazy("Handed in"), "handed_in_at"),
        "state": Column(_lazy("State"), "state"),
        "items": Column(_lazy("Items"), "items", "number"),
    },
    folded_in=("node__unit__search",),
    text_in=("stored__name", "node__name_at_freeze"),
)

REQUESTS = LongList(
    _lazy("Letters that ask who used an address"),
    {
        "file": Column(_lazy("File"), "stored__name"),
        "unit": Column(_lazy("Unit"), "node__name_at_freeze", is_optional=True),
        "handed_in": Column(_lazy("Handed in"), "handed_in_at"),
        "state": Column(_lazy("State"), "state"),
    },
    folded_in=("node__unit__search",),
    text_in=("stored__name", "node__name_at_freeze"),
)

ASKED_ADDRESSES = LongList(
    _lazy("Each address"),
    {
        "number": Column(_lazy("No."), "number", "number"),
        "address": Column(_lazy("Address and port"), "address"),
        "time": Column(_lazy("Time")),
        "outcome": Column(_lazy("Outcome"), "outcome"),
        "machine": Column(_lazy("Machine")),
        "basis": Column(_lazy("Logs, and what is missing")),
    },
    text_in=("address",),
    number_in=("number",),
)

ITEMS = LongList(
    _lazy("Items"),
    {
        "number": Column(_lazy("No."), "number", "number"),
        "time": Column(_lazy("Time"), "at", is_optional=True),
        "notice": Column(_lazy("What the authority says"), "address"),
        "outcome": Column(_lazy("Outcome"), "outcome"),
        "machine": Column(_lazy("Machine"), "device_key"),
        "missing": Column(_lazy("Missing log")),
    },
    text_in=("address", "remote", "family", "device_key"),
    number_in=("number",),
)

ITEMS_WITHOUT_MACHINES = replace(
    ITEMS,
    columns={name: column for name, column in ITEMS.columns.items() if name != "machine"},
    text_in=("address", "remote", "family"),
)

COUNTS = LongList(
    _lazy("Units directly below, each with all below it"),
    {
        "unit": Column(_lazy("Unit"), "name_at_freeze"),
        "open": Column(_lazy("Open"), "tally__cases_open", "number"),
        "infected": Column(_lazy("infected"), css="number"),
        "again": Column(_lazy("infected again"), css="number"),
        "watched": Column(_lazy("being watched"), css="number"),
        "unproven": Column(_lazy("unproven"), css="number"),
        "young": Column(_lazy("up to 7 days old"), css="number"),
        "older": Column(_lazy("8 to 30 days"), css="number"),
        "oldest": Column(_lazy("older"), css="number"),
        "late": Column(_lazy("late"), css="number"),
        "verified": Column(_lazy("Verified"), "tally__cases_verified", "number"),
        "recurred": Column(_lazy("Came back"), "tally__cases_recurred", "number"),
        "look": Column(_lazy("Checked")),
    },
    folded_in=("unit__search",),
    text_in=("name_at_freeze",),
)

DRAWN = LongList(
    _lazy("What was drawn"),
    {
        "number": Column(_lazy("No."), "place"),
        "drawn": Column(_lazy("Drawn"), "ref"),
        "unit": Column(_lazy("Unit"), "node__name_at_freeze"),
        "declared": Column(_lazy("Declared"), "was_declared"),
        "checker": Column(_lazy("Checked by"), "checker__name", is_optional=True),
        "answer": Column(_lazy("Found"), "answer"),
    },
    folded_in=("node__unit__search",),
    text_in=("ref", "node__name_at_freeze"),
)
