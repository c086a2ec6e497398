"""Options for reading lists, and the reasons for which a row is refused."""

from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum

from quetsach.addresses import Network
from quetsach.clocks import Zone
from quetsach.indicators.column_map import ColumnMap


class RefusalReason(StrEnum):
    """Why a row did not become an indicator."""

    PRIVATE = "private"
    RESERVED = "reserved"
    PUBLIC_SUFFIX = "public-suffix"
    OWN_RANGE = "own-range"
    TOO_WIDE = "too-wide"
    UNPARSABLE = "unparsable"
    EMPTY = "empty"
    OTHER_KIND = "other-kind"
    NOT_APPLIED = "not-applied"
    CONTEXT = "context"
    EXCEPTION = "exception"
    EMPTY_FILE = "empty-file"
    MAIL_ADDRESS = "mail-address"
    SENDER = "sender"
    REFERENCE = "reference"
    UNCLEAR = "unclear"
    DECIDED = "decided"


@dataclass(frozen=True)
class ListOptions:
    """The local settings for reading lists.

    `own` are the organisation's own networks: an indicator in one is refused, since every device
    would match. `accept_private` accepts private and reserved ranges, own or not. `zone` applies
    to dates without one. A table that one of `column_maps` recognises is read with it.
    """

    accept_private: bool = False
    own: tuple[Network, ...] = ()
    zone: Zone = UTC
    column_maps: tuple[ColumnMap, ...] = ()
