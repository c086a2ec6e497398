"""How much of large findings the page shows, so that an office PC can open it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from quetsach.html_report.cards import FIRST_FINDINGS, MOST_CARDS, MOST_FINDINGS
from quetsach.html_report.gaps import UnattributedSection, UnreadSection
from quetsach.html_report.lists import ListsSection
from quetsach.html_report.summary import RunSection

DEVICE_TABLE = "devices.csv"
"""The table of all devices beside the page in the findings folder."""

MOST_BYTES = 2_000_000
"""The largest page, in bytes."""

CARD_BYTES = 1_000_000
"""How much of a page of large findings is for the cards of devices, in bytes."""

MOST_ROWS = 200
"""How many rows a table has in a page of large findings; that of devices has three times more."""

_LARGE = 1000
"""With more devices, sources or rows than this the page would be too large for certain."""

FINDING_BYTES = 400
"""The least that one indicator of a device takes on the page, in bytes."""

Row = TypeVar("Row")


def are_large(findings: Mapping[str, Mapping[str, Any]]) -> bool:
    """Return whether a page with all of these findings would be too large for certain."""
    devices, coverage = findings["devices"], findings["coverage"]
    manifest = findings["manifest"]
    on_cards = sum(
        min(len(one["findings"]), MOST_FINDINGS) for one in devices["devices"][:MOST_CARDS]
    )
    return on_cards * FINDING_BYTES > MOST_BYTES or any(
        len(rows) > _LARGE
        for rows in (
            devices["devices"],
            devices["not_blamed"],
            coverage["sources"],
            manifest["evidence"],
            manifest["summary"]["unread"],
            manifest["summary"]["indicators_hit"],
        )
    )


@dataclass
class PageLimits:
    """What a page shows of each of its parts; `left_out` counts what it does not show, by part.

    `table` is the file that has all devices.
    """

    table: str
    most_rows: int | None = None
    card_bytes: int | None = None
    card_findings: int = MOST_FINDINGS
    left_out: Counter[str] = field(default_factory=Counter)

    @classmethod
    def tight(cls, table: str) -> "PageLimits":
        """Return the limits of a page of large findings."""
        return cls(table, MOST_ROWS, CARD_BYTES, FIRST_FINDINGS)

    def rows(self, part: str, rows: Sequence[Row], times: int = 1) -> Sequence[Row]:
        """Return the rows of a part that are shown, a multiple of the usual ones."""
        if self.most_rows is None:
            return rows
        most = self.most_rows * times
        self.left_out[part] += max(0, len(rows) - most)
        return rows[:most]

    def unattributed(self, section: UnattributedSection) -> UnattributedSection:
        """Return the section as it is shown."""
        groups = [
            replace(one, addresses=self.rows("addresses", one.addresses)) for one in section.groups
        ]
        return replace(section, groups=groups)

    def lists(self, section: ListsSection) -> ListsSection:
        """Return the section as it is shown."""
        return replace(
            section,
            hits=self.rows("hits", section.hits),
            refusals=self.rows("refusals", section.refusals),
        )

    def unread(self, section: UnreadSection) -> UnreadSection:
        """Return the section as it is shown."""
        return replace(
            section,
            files=self.rows("unread", section.files),
            as_text=self.rows("as_text", section.as_text),
            set_aside=self.rows("set_aside", section.set_aside),
        )

    def made(self, section: RunSection) -> RunSection:
        """Return the section as it is shown."""
        return replace(section, digests=self.rows("digests", section.digests))
