"""Fill the page of figures: numbers in the reader's language, tables beside each picture."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from quetsach_public.clock import VIETNAM
from quetsach_public.pages.filling import filled

COUNTERS = ("deployed", "joined", "line", "scanned", "cleaned", "found", "clean")


def figures_page(
    frame: Mapping[str, Any], figures: Mapping[str, Any], drawn: Mapping[str, str], *, is_old: bool
) -> bytes:
    """Return the page of `figures`.

    Shapes: `frame` is that of a language (`building`), `figures` what the portal wrote, `drawn`
    its pictures as SVG.
    """
    words, dot = frame["words"], frame["dot"]
    slots = {
        "as-of": escape(words["as_of"].format(when=_time(figures["at"]))),
        "stale": f">{escape(words['old'])}" if is_old else " hidden>",
        "counters": "\n".join(_counter(one, figures["counters"], words, dot) for one in COUNTERS),
        "days": drawn["days"],
        "day-rows": "".join(_day(one, dot) for one in reversed(figures["days"])),
        "map": drawn["map"],
        "band-rows": _bands(figures, words, dot),
        "more": escape(words["more"].format(count=figures["more"])) if figures["more"] else "",
        "hourly": escape(words["hourly"].format(when=_time(figures["units_at"]))),
    }
    return filled(frame["page"], slots)


def _counter(name: str, counters: Mapping[str, Any], words: Mapping[str, str], dot: str) -> str:
    count = counters.get(name)
    shown = words["few"] if count is None else _grouped(count, dot)
    said = words[name].format(all=_grouped(counters["units"], dot))
    return f'<div><dt>{escape(said)}</dt><dd data-figure="{name}">{escape(shown)}</dd></div>'


def _day(row: Sequence[Any], dot: str) -> str:
    day, people, units = row
    shown = f"{date.fromisoformat(day):%d/%m/%Y}"
    return (
        f"<tr><td>{shown}</td>{_number(_grouped(people, dot))}{_number(_grouped(units, dot))}</tr>"
    )


def _bands(figures: Mapping[str, Any], words: Mapping[str, str], dot: str) -> str:
    found = []
    for row in figures["rows"]:
        units = f"{_grouped(row['deployed'], dot)}/{_grouped(row['units'], dot)}"
        mark = " ?" if row.get("questioned") else ""
        found.append(_banded(row["name"], units, row.get("band"), words, mark))
    if (group := figures["group"]) is not None:
        units = _grouped(group["units"], dot)
        found.append(_banded(words["small"], units, group.get("band"), words))
    return "".join(found)


def _banded(
    name: str, units: str, band: int | None, words: Mapping[str, str], mark: str = ""
) -> str:
    shown = "–" if band is None else words[f"band_{int(band)}"]
    return f"<tr><td>{escape(name)}</td>{_number(units)}{_number(shown + mark)}</tr>"


def _number(text: str) -> str:
    return f'<td class="n">{escape(text)}</td>'


def _grouped(number: int, dot: str) -> str:
    return f"{int(number):,}".replace(",", dot)


def _time(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(VIETNAM):%H:%M, %d/%m/%Y}"
