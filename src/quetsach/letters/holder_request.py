"""What a request for the holder of an address says: plain values, and what it leaves open.

Source: Luật An ninh mạng 116/2025/QH15, in force on 1 July 2026: providers tie addresses to
their holders, and tell the force in charge on request.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from quetsach.errors.catalogue import N_
from quetsach.readers.contract import BlockPlace


class WantedFact(StrEnum):
    """What the request asks to be told of the holder."""

    NAME = "name"
    IDENTITY = "identity"
    ADDRESS = "address"
    PHONE = "phone"
    CONTRACT = "contract"
    UNIT = "unit"
    DEVICE = "device"
    LOGS = "logs"


PERSONAL = frozenset({WantedFact.NAME, WantedFact.IDENTITY, WantedFact.ADDRESS, WantedFact.PHONE})
"""What no log tells: a person who may fills it in."""


class HolderRow(Struct, frozen=True):
    """One address that is asked about.

    Times without a zone in the request have no offset: they are not guessed.
    """

    number: Annotated[int, Meta(description="counted from 1, in the order of the letter")]
    address: Annotated[str, Meta(description="public address in its shortest form; or as written")]
    port: Annotated[int | None, Meta(description="source port; null where none is given")]
    first: Annotated[
        str | None,
        Meta(description="ISO 8601; without offset where the letter states no zone; null: unclear"),
    ]
    last: Annotated[str | None, Meta(description="end of a period, alike; null for one moment")]
    digits: Annotated[str, Meta(description='how fine the time is: "day", "minute", "second"')]
    zone: Annotated[str | None, Meta(description="offset that the letter states: +07:00, or null")]
    zone_words: Annotated[
        str, Meta(description="words with which the letter names a zone, known or not; or empty")
    ]
    destination: Annotated[str, Meta(description="address that was reached, where it is named")]
    words: Annotated[str, Meta(description="the sentence or row, as written")]
    place: Annotated[BlockPlace, Meta(description="page, table, row and line")]
    open: Annotated[
        tuple[str, ...], Meta(description="codes of the questions about it; see questions")
    ] = ()


class HolderRequest(Struct, frozen=True):
    """A request to tell who held an address: what is asked, about which addresses."""

    rows: Annotated[tuple[HolderRow, ...], Meta(description="the first 1,000 addresses")]
    wanted: Annotated[tuple[WantedFact, ...], Meta(description="what is to be told of the holder")]
    purpose: Annotated[str | None, Meta(description="what it is for, as written")]
    deadline: Annotated[str | None, Meta(description="until when, as written")]
    sender: Annotated[
        str | None, Meta(description="the issuer as the body writes it; its head is in capitals")
    ] = None
    basis: Annotated[
        tuple[str, ...], Meta(description="laws and decrees it rests on, as written; at most 20")
    ] = ()


HOLDER_QUESTIONS: Mapping[str, str] = {
    "holder-rows": N_("Which addresses does the request ask about? None was found."),
    "holder-rows-more": N_("The request has more than %(limit)s addresses. Which are the others?"),
    "holder-address": N_("Which address is meant by %(words)s?"),
    "holder-port": N_(
        "Which source port had %(address)s? Many machines share a public address; without the "
        "port it may be any of them."
    ),
    "holder-port-bad": N_("Which port is meant for %(address)s? The one written is none."),
    "holder-time": N_("At which time was %(address)s used? The request states none clearly."),
    "holder-day": N_("At which hour was %(address)s used? The request gives the day alone."),
    "holder-zone": N_("In which time zone is the time of %(address)s? The request states none."),
    "holder-zone-unknown": N_(
        "In which time zone is the time of %(address)s? The request says “%(zone)s”, which does "
        "not tell it."
    ),
    "holder-zone-several": N_(
        "In which time zone is the time of %(address)s? The request names several: %(zone)s."
    ),
    "holder-table": N_(
        "What do the columns of this row mean? %(words)s The table was not understood; each "
        "address needs its port, its time and the time zone."
    ),
}
"""Every question about such a request by its code."""

OPEN_ZONES = frozenset({"holder-zone", "holder-zone-unknown", "holder-zone-several"})
"""What a person answers by naming the zone."""

UNTRACEABLE = OPEN_ZONES | {"holder-address", "holder-port-bad", "holder-time", "holder-table"}
"""With one of these open a row is not traced: its answer could be somebody else's."""


def question_facts(row: HolderRow) -> Mapping[str, str]:
    """Return what the sentences of HOLDER_QUESTIONS say of a row."""
    return {"address": row.address, "words": row.words, "zone": row.zone_words}
