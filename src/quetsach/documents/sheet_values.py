"""What stands on the sheets of a campaign: the one that invites, the one that confirms receipt."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Audience(StrEnum):
    """Whom a sheet invites."""

    STAFF = "staff"
    RELATIVE = "relative"
    PUBLIC = "public"


@dataclass(frozen=True)
class JoinSheet:
    """The sheet by which a unit invites its people.

    Shapes: `steps` take the place of the usual ones; `until` is a day as it is to be read; `help`
    is where to ask, such as a telephone number. `typed` is the address for who types it, "" for
    `link`; `code` is what is typed there, "" where the address has it.
    """

    unit: str
    campaign: str
    link: str
    audience: Audience = Audience.STAFF
    typed: str = ""
    code: str = ""
    steps: tuple[str, ...] = ()
    until: str = ""
    help: str = ""


@dataclass(frozen=True)
class ReceiptSheet:
    """The sheet that goes with a printed letter: who gets it, which it is, where to confirm it.

    Shapes: `number` with its code, such as "12/UBND-TH"; "" and None are lines to write on.
    """

    unit: str
    link: str
    issuer: str
    subject: str
    number: str = ""
    dated: date | None = None
    due: str = ""


@dataclass(frozen=True)
class WeekLine:
    """A figure of the week, as it is to be read: now, its share of the whole, what was added."""

    label: str
    now: str
    share: str = ""
    added: str = ""


@dataclass(frozen=True)
class WeekSheet:
    """The week of a campaign for who leads a unit.

    Shapes: `week` and `due` are sentences; `behind` has units that need a word, each with why;
    `notes` are sentences.
    """

    unit: str
    campaign: str
    link: str
    week: str
    due: str = ""
    lines: tuple[WeekLine, ...] = ()
    behind: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
