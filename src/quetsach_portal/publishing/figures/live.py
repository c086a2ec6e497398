"""Live figures: what the public plane shows between two publications, each minute.

They begin with the first publication of a campaign and end when all are taken back. Totals move by
the minute, unit by unit once an hour; each in secret steps (`content.stepped`).
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, NodeCounter
from quetsach_portal.campaigns.public_page import shown_page
from quetsach_portal.campaigns.queries import root_of
from quetsach_portal.dashboards.pages.ranking import RankedUnit, tiles_of
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.participation.queries import count_statements, on_the_line, over_of
from quetsach_portal.publishing.figures.actions import published
from quetsach_portal.publishing.figures.content import (
    FEW,
    MACHINES,
    PEOPLE,
    UnitSize,
    band_of,
    children_of,
    grouped,
    margin_most,
    round_to_tens,
    shown_cells,
    stepped,
    totals_of,
)
from quetsach_portal.publishing.folder import (
    CannotWrite,
    Writer,
    campaign_to_write,
    write_all,
    write_file,
)
from quetsach_portal.publishing.models import LiveFigures
from quetsach_portal.web.drawing.charts import stacked
from quetsach_portal.web.drawing.tiles import Tile, level_of, tile_map

MOST_ROWS = 200
MOST_DAYS = 60
SAID = ("scanned", "cleaned")
LINE = "line"
"""People who joined without a unit's code, counted separately."""
CELLS = (*PEOPLE, LINE, *MACHINES, *SAID)


def any_step() -> int:
    """Return how far a number may stray before it moves, from FEW to twice that."""
    return FEW + secrets.randbelow(FEW)


def advance(
    campaign: Campaign, now: datetime, *, step: Callable[[], int] = any_step
) -> dict[str, Any] | None:
    """Return the figures of `campaign` as they are shown at `now`, None while none are published.

    Cost: eleven queries, whatever the size of the tree; they read the counters of the root and of
    its children, and what people said in the last two days.
    """
    if not published().filter(campaign=campaign).exists():
        return None
    root = root_of(campaign)
    if root is None:
        return None
    with transaction.atomic():
        live, is_new = LiveFigures.objects.select_for_update().get_or_create(campaign=campaign)
        shown = shown_cells(campaign)
        if is_new:
            live.days = _published_days(campaign)
        nodes = list(children_of(root).select_related("tally", "unit"))
        together = grouped([UnitSize(one.pk, one.tally.staff) for one in nodes], shown.grouped)
        tally = NodeCounter.objects.filter(node=root).first() or NodeCounter(node=root)
        line = on_the_line(root)
        exact = totals_of(tally, line) | {f"total:{LINE}": line}
        for name, people in zip(
            SAID, _statements(campaign, live, timezone.localdate(now)), strict=True
        ):
            exact[f"total:{name}"] = people
        hour = now.replace(minute=0, second=0, microsecond=0)
        if live.units_at is None or hour > live.units_at:
            live.units_at = hour
            live.questioned = _questioned(live, nodes, timezone.localdate(now), step)
            # What was shown of a unit under question stays as it is.
            stays = {_cell(one) for one in live.questioned} & shown.bases.keys()
            units = {
                cell: people
                for cell, people in _units(nodes, together).items()
                if cell not in stays
            }
            exact |= units | {cell: shown.bases[cell] for cell in stays}
            _band(live, units, nodes, together)
        _move(live, exact, shown.bases, step)
        live.grouped = sorted(shown.grouped if together is None else together)
        content = _content(live, tally, nodes, together, timezone.localdate(now)) | {
            "campaign": campaign.title,
            "at": _minute_text(now),
            "units_at": _minute_text(live.units_at),
        }
        live.content = content
        live.save()
    return content


def _minute_text(when: datetime) -> str:
    return timezone.localtime(when).isoformat(timespec="minutes")


def _statements(campaign: Campaign, live: LiveFigures, today: date) -> tuple[int, int]:
    """Return what people said they did. Days before yesterday are added up once a day."""
    through = today - timedelta(days=2)
    if live.said.get("through") != through.isoformat():
        past = count_statements(campaign, after=None, until=through)
        live.said = {"through": through.isoformat(), **dict(zip(SAID, past, strict=True))}
    scanned, cleaned = count_statements(campaign, after=through, until=today)
    return live.said["scanned"] + scanned, live.said["cleaned"] + cleaned


def _cell(place: int | str) -> str:
    return f"{place}:joined_staff"


def _questioned(
    live: LiveFigures, nodes: Sequence[CampaignNode], day: date, step: Callable[[], int]
) -> list[int]:
    """Return the ids of the nodes where on `day` so many came above the caps that it is a script.

    The threshold is secret: a person who joins until it shows cannot infer the cap.
    """
    over = over_of(nodes, day)
    for node in nodes:
        if node.pk not in over:
            live.steps.pop(f"{node.pk}:over", None)
    return [pk for pk, many in over.items() if many > live.steps.setdefault(f"{pk}:over", step())]


def _units(nodes: Sequence[CampaignNode], together: frozenset[int] | None) -> dict[str, int]:
    cells: dict[str, int] = {}
    for node in [] if together is None else nodes:
        place = "group" if node.pk in (together or ()) else str(node.pk)
        cell = _cell(place)
        cells[cell] = cells.get(cell, 0) + node.tally.joined_staff
    return cells


def _move(
    live: LiveFigures, exact: Mapping[str, int], before: Mapping[str, int], step: Callable[[], int]
) -> None:
    for cell, number in exact.items():
        base = before.get(cell)
        steps = live.steps.get(cell)
        now = stepped(number, base, step() if steps is None else steps)
        live.bases[cell] = now
        if steps is None or now != base:
            live.steps[cell] = step()


def _band(
    live: LiveFigures,
    exact: Mapping[str, int],
    nodes: Sequence[CampaignNode],
    together: frozenset[int] | None,
) -> None:
    """Put each unit into its band of shares, and draw a new margin for each that moved."""
    staff: dict[str, int] = {}
    for one in nodes:
        place = "group" if one.pk in (together or ()) else str(one.pk)
        staff[place] = staff.get(place, 0) + one.tally.staff
    for cell, people in exact.items():
        place = cell.partition(":")[0]
        if staff[place] < FEW:
            continue
        key = f"{place}:band"
        before = live.bases.get(key)
        live.bases[key] = band_of(people, staff[place], before, live.steps.get(key, 1))
        if live.bases[key] != before:
            live.steps[key] = 1 + secrets.randbelow(margin_most(staff[place]))


def _content(
    live: LiveFigures,
    tally: NodeCounter,
    nodes: Sequence[CampaignNode],
    together: frozenset[int] | None,
    today: date,
) -> dict[str, Any]:
    total = {name: round_to_tens(live.bases[f"total:{name}"]) for name in CELLS}
    # The sum is of shown figures: the true sum beside its parts would reveal the hidden part.
    parts = [total[name] for name in PEOPLE]
    joined = sum(one or 0 for one in parts) or None
    counters = {
        "units": tally.units,
        "deployed": min(tally.deployed, tally.units),
        "looked": min(tally.looked_full + tally.looked_part, tally.units),
        "joined": joined,
        **{name: total[name] for name in (LINE, *SAID, *MACHINES)},
    }
    live.days[today.isoformat()] = [joined or 0, counters["deployed"]]
    rows = [] if together is None else _rows(live, nodes, together)
    return {
        "version": 1,
        "counters": counters,
        "rows": rows[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS),
        "group": _group(live, nodes, together or frozenset()),
        "days": [[day, *live.days[day]] for day in sorted(live.days)[-MOST_DAYS:]],
    }


def _rows(
    live: LiveFigures, nodes: Sequence[CampaignNode], together: frozenset[int]
) -> list[dict[str, Any]]:
    """Return the ungrouped units by band and name; a unit under question keeps its last band."""
    rows = [
        {
            "name": one.name_at_freeze,
            "area": one.unit.area_code,
            "units": one.tally.units,
            "deployed": min(one.tally.deployed, one.tally.units),
            "band": _shown_band(live, str(one.pk)),
            "questioned": one.pk in live.questioned,
        }
        for one in nodes
        if one.pk not in together
    ]
    return sorted(rows, key=lambda row: (row["band"] is None, -(row["band"] or 0), row["name"]))


def _group(
    live: LiveFigures, nodes: Sequence[CampaignNode], together: frozenset[int]
) -> dict[str, Any] | None:
    members = [one.tally for one in nodes if one.pk in together]
    if not members:
        return None
    return {"units": sum(one.units for one in members), "band": _shown_band(live, "group")}


def _shown_band(live: LiveFigures, place: str) -> int | None:
    """Return the band of the share; None where fewer than ten take part or the share is unknown."""
    people = round_to_tens(live.bases.get(_cell(place), 0))
    return None if people is None else live.bases.get(f"{place}:band")


def _published_days(campaign: Campaign) -> dict[str, list[int]]:
    """Return what publications showed, by day: the line of days begins with them."""
    days: dict[str, list[int]] = {}
    rows = published().filter(campaign=campaign).order_by("published_at")
    for day, content in rows.values_list("day", "content"):
        total = content["total"]
        people = sum(total.get(name) or 0 for name in PEOPLE)
        days[day.isoformat()] = [people, total.get("deployed", 0)]
    return days


LIVE_FIGURES_LABEL = _lazy("Live figures")
FIGURES, DRAWN = "figures.json", "figures-drawn.json"
BANDS = ("< 25 %", "25–50 %", "50–75 %", "≥ 75 %")
"""The text of a band on a tile, the same in all languages."""


def refresh_live_figures(work: RunningJob) -> None:
    """Write the figures; a separate job, each minute."""
    if shown_page() is not None:
        write_all([LIVE_FIGURES_WRITER])
    with work.finishing():
        pass


def write_live_figures(folder: Path) -> None:
    """Write the figures as they are shown now, or that none are published.

    Errors: CannotWrite while there is nothing to show.
    """
    content = advance(campaign_to_write(), timezone.now())
    if content is None:
        write_file(folder / FIGURES, _packed({"version": 1, "at": None}))
        raise CannotWrite(
            _(
                "No figures are published. Publish figures first; they are then "
                "updated every minute."
            )
        )
    tiles = _tiles(content["rows"])
    content["tiles"] = [[level_of(one.share), one.shown] for one in tiles]
    drawn = {"map": tile_map(tiles), "days": days_drawn(content["days"])}
    # The pictures first: readers of the figures then find pictures that are as new.
    write_file(folder / DRAWN, _packed(drawn))
    write_file(folder / FIGURES, _packed(content))


LIVE_FIGURES_WRITER = Writer(
    "quetsach_portal.publishing.live_figures.write", write_live_figures, LIVE_FIGURES_LABEL
)


def _packed(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _tiles(rows: Sequence[dict[str, Any]]) -> list[Tile]:
    """Return the tiles of the map, their words the same in all languages."""
    return [_rounded_tile(one) for one in tiles_of([_ranked(row) for row in rows])]


def _rounded_tile(tile: Tile) -> Tile:
    """Return the tile with its band in place of a percentage."""
    if tile.share is None:
        return replace(tile, title=f"{tile.name}: –") if tile.shown == "–" else tile
    shown = BANDS[level_of(tile.share) - 1]
    return replace(tile, shown=shown, title=f"{tile.title.rpartition(': ')[0]}: {shown}")


def _ranked(row: dict[str, Any]) -> RankedUnit:
    whole = 0 if row["band"] is None else len(BANDS)
    return RankedUnit(None, row["name"], None, row["band"] or 0, whole, row["area"])


def days_drawn(days: Sequence[Sequence[Any]]) -> str:
    """Return people day by day as columns."""
    titles = [f"{date.fromisoformat(day):%d/%m}: {people}" for day, people, _units in days]
    return stacked([[people] for _day, people, _units in days], ["draw-part"], titles)
