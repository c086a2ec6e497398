"""The long tables of letters: their columns, where words are found, and what is overdue."""

import re

from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.web.tables import Column, LongList

_NUMBER = re.compile(r"0*([1-9]\d{0,8})(?:\s*[/-]\s*(\S.*))?", re.ASCII)


def number_in(words: str) -> tuple[int, str] | None:
    """Return the number and the code that `words` are: "1245", "1245/UBND-TH", "12-CV/HU"."""
    number = _NUMBER.fullmatch(words)
    return None if number is None else (int(number[1]), (number[2] or "").strip())


def numbered(words: str) -> Q:
    """Return the condition on letters whose number `words` are."""
    number = number_in(words)
    if number is None:
        return Q(pk__in=[])
    asked = Q(number=number[0]) | Q(arrival_number=number[0])
    return asked & Q(code__icontains=number[1])


LETTERS = LongList(
    _lazy("Letters"),
    {
        "letter": Column(_lazy("Letter"), "number", is_optional=True),
        "issuer": Column(_lazy("Issued by"), "issuer_name"),
        "day": Column(_lazy("Day"), "signed_on", is_optional=True),
        "due": Column(_lazy("Report due"), "deadline", is_optional=True),
        "state": Column(_lazy("State"), "state"),
    },
    text_in=("subject", "issuer_name", "code"),
    find=numbered,
    late=lambda: Q(is_overdue=True),
)

OUTGOING = LongList(
    _lazy("Letters"),
    {
        "number": Column(_lazy("Number"), "number"),
        "day": Column(_lazy("Day of signing"), "signed_on", is_optional=True),
        "subject": Column(_lazy("Subject"), "subject"),
        "signer": Column(_lazy("Signed by"), "signer_name"),
        "drafted": Column(_lazy("Drafted by"), "made_by__name"),
        "released": Column(_lazy("Released"), "released_at", is_optional=True),
        "rows": Column(_lazy("Rows"), "copies", "number"),
        "state": Column(_lazy("State"), "state"),
    },
    text_in=("subject", "signer_name", "code"),
    find=numbered,
)

INCOMING = LongList(
    _lazy("Letters"),
    {
        "came": Column(_lazy("Arrived on"), "came_on"),
        "arrival": Column(_lazy("Arrival number"), "arrival_number", is_optional=True),
        "issuer": Column(_lazy("Issued by"), "issuer_name"),
        "number": Column(_lazy("Number"), "number", is_optional=True),
        "day": Column(_lazy("Day of signing"), "signed_on", is_optional=True),
        "subject": Column(_lazy("Subject"), "subject"),
        "due": Column(_lazy("Report due"), "deadline", is_optional=True),
        "state": Column(_lazy("State"), "state"),
    },
    text_in=("subject", "issuer_name", "code"),
    find=numbered,
    late=lambda: Q(is_overdue=True),
)

DISPATCH = LongList(
    _lazy("Recipients"),
    {
        "unit": Column(_lazy("Unit"), "to_node__name_at_freeze"),
        "way": Column(_lazy("Way"), "channel"),
        "state": Column(_lazy("State"), "state"),
        "word": Column(_lazy("Word"), "handed_on", is_optional=True),
    },
    folded_in=("to_node__unit__search",),
    text_in=("to_node__name_at_freeze",),
)

CASCADE = LongList(
    _lazy("Units directly below"),
    {
        "unit": Column(_lazy("Unit"), "name_at_freeze"),
        "told": Column(_lazy("Told"), "told_at", is_optional=True),
        "letter": Column(_lazy("Its own letter")),
        "days": Column(_lazy("Days"), css="number"),
        "informed": Column(_lazy("Informed in its tree"), "tally__told", "number"),
    },
    folded_in=("unit__search",),
    text_in=("name_at_freeze",),
)
