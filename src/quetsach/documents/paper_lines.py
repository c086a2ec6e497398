"""Single lines of official paper: dotted blanks, listed names, balanced heads, place and day."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from quetsach.documents import decree30 as decree
from quetsach.documents.dates import day_month_year
from quetsach.documents.fallback import shows
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.printable import Unfit, beyond_times, printable, unfit_in
from quetsach.documents.times_width import balanced_lines, width_pt
from quetsach.documents.wording import Head, wording

BLANK_DAY = (5, 5, 7)
"""How many dots a clerk needs for day, month and year."""


@dataclass
class Fitting:
    """Makes texts printable, and keeps what could not be, and what another typeface has to show."""

    beyond: set[str] = field(default_factory=set)
    _unfit: dict[str, Unfit] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """Return `text` as it can be printed."""
        fitted, odd = printable(text, shows)
        for one in unfit_in(text, odd):
            self._unfit.setdefault(one.sign, one)
        self.beyond |= beyond_times(fitted)
        return fitted

    @property
    def unfit(self) -> tuple[Unfit, ...]:
        """Return the characters that a □ stands for, each with the words around its first place."""
        return tuple(self._unfit[sign] for sign in sorted(self._unfit))

    def line(self, text: str) -> str:
        """Return `text` as it can be printed, on one line."""
        return " ".join(self.text(text).split())


def dots(count: int) -> str:
    """Return a blank for the clerk, as `count` dots."""
    return "." * count


def dots_beside(label: str) -> str:
    """Return the dots that fill the rest of a line that begins with `label`."""
    room = decree.points(decree.TEXT_WIDTH_MM)
    if label:
        room -= decree.points(decree.FIRST_INDENT_MM) + width_pt(label, decree.BIG_PT)
    # Two dots less than fit, so that no word processor breaks the line; never fewer than a few.
    return dots(max(8, int(room / width_pt(".", decree.BIG_PT)) - 2))


def listed(names: tuple[str, ...]) -> Iterator[str]:
    """Yield the names as a list of the decree: "- one;" and last "- two."."""
    for name in names[:-1]:
        yield f"- {name};"
    yield f"- {names[-1]}."


def addressed_lines(names: tuple[str, ...], words: Head | None = None) -> tuple[str, ...]:
    """Return the lines that say to whom: one name beside the label, several below it."""
    label = f"{(wording().head if words is None else words).addressed}:"
    if not names:
        return (f"{label} {dots(60)}",)
    if len(names) == 1:
        return (f"{label} {names[0]}.",)
    return (label, *listed(names))


def upper_lines(
    name: str | None, limit: float, size: float = decree.HEAD_PT, *, bold: bool = False
) -> tuple[str, ...]:
    """Return a body's name in capitals, in even lines no wider than `limit` points."""
    if name is None:
        return (dots(36),)
    return tuple(
        line
        for part in name.upper().split("\n")
        for line in balanced_lines(part, size, limit, bold=bold)
    )


def short_rule(lines: tuple[str, ...], size: float, *, bold: bool = True) -> float:
    """Return how long the short rule below `lines` is, in points."""
    widest = max((width_pt(line, size, bold=bold) for line in lines), default=0.0)
    return widest * decree.RULE_SHARE


def place_of(head: Letterhead, shown: Head) -> str:
    """Return the line of place and day; what is not known is dots for the clerk."""
    place = dots(16) if head.place is None else head.place
    blank = tuple(dots(count) for count in BLANK_DAY)
    day, month, year = blank if head.signed_on is None else day_month_year(head.signed_on)
    return shown.place % {"place": place, "day": day, "month": month, "year": year}


def fit_head(head: Letterhead, fitting: Fitting) -> Letterhead:
    """Return `head` with texts that can be printed."""

    def fit(text: str | None) -> str | None:
        return None if text is None else fitting.text(text)

    return replace(
        head,
        unit=fit(head.unit),
        parent=fit(head.parent),
        code=fit(head.code),
        place=fit(head.place),
        signer_post=fit(head.signer_post),
        signer_name=fit(head.signer_name),
        addressees=tuple(fitting.text(name) for name in head.addressees),
    )
