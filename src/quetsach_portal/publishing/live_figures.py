"""Write the live figures: what the page reads each minute, and their pictures, drawn ahead."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.public_page import shown_page
from quetsach_portal.dashboards.pages.ranking import Ranked
from quetsach_portal.dashboards.pages.tile_map import tiles_of
from quetsach_portal.jobs.work import Work
from quetsach_portal.public_figures.live import advance
from quetsach_portal.publishing.folder import put
from quetsach_portal.publishing.problems import CannotWrite
from quetsach_portal.publishing.shown import campaign_to_write
from quetsach_portal.publishing.writer_runs import Writer, write_all
from quetsach_portal.web.drawing.over_days import stacked
from quetsach_portal.web.drawing.tiles import Tile, level_of, tile_map

WHAT = _lazy("Live figures")
FIGURES, DRAWN = "figures.json", "figures-drawn.json"
BANDS = ("< 25 %", "25–50 %", "50–75 %", "≥ 75 %")
"""What a tile says of a band, the same in all languages."""


def run(work: Work) -> None:
    """Write the figures; a job of its own, each minute."""
    if shown_page() is not None:
        write_all([WRITER])
    with work.finishing():
        pass


def write(folder: Path) -> None:
    """Write the figures as they are shown now, or that none are published.

    Errors: CannotWrite while there is nothing to show.
    """
    content = advance(campaign_to_write(), timezone.now())
    if content is None:
        put(folder / FIGURES, _packed({"version": 1, "at": None}))
        raise CannotWrite(_("No figures are published. Publish some, and they show by the minute."))
    tiles = _tiles(content["rows"])
    content["tiles"] = [[level_of(one.share), one.shown] for one in tiles]
    drawn = {"map": tile_map(tiles), "days": days_drawn(content["days"])}
    # The pictures first: whoever reads the figures finds pictures that are as new.
    put(folder / DRAWN, _packed(drawn))
    put(folder / FIGURES, _packed(content))


WRITER = Writer("quetsach_portal.publishing.live_figures.write", write, WHAT)


def _packed(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _tiles(rows: Sequence[dict[str, Any]]) -> list[Tile]:
    """Return the tiles of the map, their words the same in all languages."""
    return [_said(one) for one in tiles_of([_ranked(row) for row in rows])]


def _said(tile: Tile) -> Tile:
    """Return the tile with its band in place of a percentage."""
    if tile.share is None:
        return replace(tile, title=f"{tile.name}: –") if tile.shown == "–" else tile
    shown = BANDS[level_of(tile.share) - 1]
    return replace(tile, shown=shown, title=f"{tile.title.rpartition(': ')[0]}: {shown}")


def _ranked(row: dict[str, Any]) -> Ranked:
    whole = 0 if row["band"] is None else len(BANDS)
    return Ranked(None, row["name"], None, row["band"] or 0, whole, row["area"])


def days_drawn(days: Sequence[Sequence[Any]]) -> str:
    """Return people day by day as columns."""
    titles = [f"{date.fromisoformat(day):%d/%m}: {people}" for day, people, _units in days]
    return stacked([[people] for _day, people, _units in days], ["draw-part"], titles)
