"""What stands on the things a campaign hands out: plain texts in one language, nothing else."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Paper(StrEnum):
    """The sizes of a poster."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True)
class Imprint:
    """Who hands it out and where its QR code leads; it stands on each of them.

    Shapes: `shown` is the address as people read and type it; `code`, `help`, `edition` and
    `review` are whole sentences, "" for none; `day` is the edition's.
    """

    language: str
    campaign: str
    unit: str
    link: str
    shown: str
    day: date
    code: str = ""
    help: str = ""
    edition: str = ""
    review: str = ""


@dataclass(frozen=True)
class Point:
    """One sentence, or a short title with one."""

    text: str
    title: str = ""


@dataclass(frozen=True)
class Panel:
    """A heading with points, in an order that counts where `numbered`."""

    heading: str
    points: tuple[Point, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Call:
    """The message, what follows from it, and what is said beside the QR code."""

    headline: str
    below: str
    scan: str
    private: str = ""


@dataclass(frozen=True)
class Poster:
    """One message to be read from afar, three steps and the code."""

    imprint: Imprint
    call: Call
    steps: tuple[str, ...]
    paper: Paper = Paper.A4


@dataclass(frozen=True)
class Leaflet:
    """A sheet of A4, printed on both sides and folded once: cover, two pages inside, back."""

    imprint: Imprint
    call: Call
    left: tuple[Panel, ...]
    right: tuple[Panel, ...]
    back: tuple[Panel, ...]


@dataclass(frozen=True)
class Slides:
    """Pages for a screen: the message, one page a panel, the code on the last."""

    imprint: Imprint
    call: Call
    panels: tuple[Panel, ...]
    last: Panel


@dataclass(frozen=True)
class Fetched:
    """A tool as its maker publishes it; `facts` are label and value.

    Shapes: `sha256` is 64 hex digits.
    """

    name: str
    facts: tuple[tuple[str, str], ...]
    digest_label: str
    sha256: str


@dataclass(frozen=True)
class StepsSheet:
    """What to do on one kind of device in large print, with the tools and how to compare them.

    Shapes: `compare` are sentences, `command` is what is typed between the first and the second.
    """

    imprint: Imprint
    heading: str
    lead: str
    steps: tuple[Point, ...]
    tools_heading: str
    tools: tuple[Fetched, ...]
    no_tools: str
    compare_heading: str
    compare: tuple[str, ...]
    command: str
    again: str
