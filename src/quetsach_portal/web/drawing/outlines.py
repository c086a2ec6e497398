"""Outlines of areas: simplified, laid on a picture, and written as short SVG paths."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians

Point = tuple[float, float]
Ring = tuple[Point, ...]
"""Corners in order; the last is joined with the first, and is not repeated."""
Polygon = tuple[Ring, ...]
"""The outer ring, then its holes."""
Outline = tuple[Polygon, ...]

FINENESS = 4
"""So many steps of a path make one unit of the picture, so that its numbers are short integers."""


@dataclass(frozen=True)
class PlacedOutline:
    """An outline on the picture.

    Shapes: `path` is in steps of 1/FINENESS units; `label_x`, `label_y` in units, where a number is
    written; `room` is how many units wide the part there is.
    """

    path: str
    label_x: float
    label_y: float
    room: float


@dataclass(frozen=True)
class OutlinePicture:
    """All outlines on one picture of `width` by `height` units, north up."""

    width: float
    height: float
    outlines: Sequence[PlacedOutline]


def ring_area(ring: Sequence[Point]) -> float:
    """Return the area of a ring, negative where its corners go clockwise."""
    return (
        sum(
            x * next_y - next_x * y
            for (x, y), (next_x, next_y) in zip(ring, (*ring[1:], ring[0]), strict=True)
        )
        / 2
    )


MOST_LOOKS = 60
"""So often a corner of a ring is looked at on the average; a coast of a real map takes about 20."""


def simplified(ring: Sequence[Point], tolerance: float) -> Ring:
    """Return `ring` without corners nearer than `tolerance` to the line between those kept.

    Source: Douglas and Peucker 1973, without recursion. Fewer than three corners: nothing is left.
    A ring that is made to be slow is not thinned further after MOST_LOOKS looks a corner.
    """
    kept = _thinned(ring, tolerance / 2)
    if len(kept) < 3:
        return ()
    first_x, first_y = kept[0]
    far = max(range(len(kept)), key=lambda at: hypot(kept[at][0] - first_x, kept[at][1] - first_y))
    closed = [*kept, kept[0]]
    stays = {0, far, len(kept)}
    spans = [(0, far), (far, len(kept))]
    looks_left = MOST_LOOKS * len(kept)
    while spans and looks_left > 0:
        start, end = spans.pop()
        looks_left -= end - start
        farthest, distance = _farthest(closed, start, end)
        if distance > tolerance:
            stays.add(farthest)
            spans += [(start, farthest), (farthest, end)]
    corners = tuple(closed[at] for at in sorted(stays)[:-1])
    return corners if len(corners) >= 3 else ()


def simplified_outline(outline: Outline, tolerance: float) -> Outline:
    """Return `outline` simplified, without rings that are smaller than `tolerance`.

    Its largest polygon always stays, at worst as it was.
    """
    polygons = []
    for polygon in outline:
        rings = [simplified(ring, tolerance) for ring in polygon]
        if rings[0] and abs(ring_area(rings[0])) >= tolerance * tolerance:
            polygons.append((rings[0], *(ring for ring in rings[1:] if ring)))
    if polygons or not outline:
        return tuple(polygons)
    return ((largest_ring(outline),),)


def largest_ring(outline: Outline) -> Ring:
    """Return the outer ring with the largest area."""
    return max((polygon[0] for polygon in outline), key=lambda ring: abs(ring_area(ring)))


def corners_of(outline: Outline) -> int:
    """Return how many corners it has."""
    return sum(len(ring) for polygon in outline for ring in polygon)


@lru_cache(maxsize=64)
def laid_out(
    outlines: tuple[Outline, ...], *, width: float, most_height: float, most_letters: int
) -> OutlinePicture:
    """Return `outlines`, in degrees (east, north), on one picture whose paths are short.

    They are simplified more and more until all paths together have at most `most_letters`; the
    least that is left is a triangle each. Cost: some ms for each thousand corners, kept for the
    next time.
    """
    flat, picture_width, height = _flat(outlines, width, most_height)
    tolerance = 0.5
    while True:
        drawn = [simplified_outline(outline, tolerance) for outline in flat]
        paths = [_path(outline) for outline in drawn]
        if sum(map(len, paths)) <= most_letters or tolerance > picture_width:
            break
        tolerance *= 1.4
    placed = [
        PlacedOutline(path, *_label_place(largest_ring(outline)))
        for path, outline in zip(paths, drawn, strict=True)
    ]
    return OutlinePicture(picture_width, height, placed)


def _flat(
    outlines: Sequence[Outline], width: float, most_height: float
) -> tuple[list[Outline], float, float]:
    """Return the outlines in units of the picture, and its size; a degree east is shorter."""
    points = [point for outline in outlines for polygon in outline for point in polygon[0]]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    shrink = cos(radians((south + north) / 2))
    degrees_wide = max((east - west) * shrink, 1e-6)
    degrees_high = max(north - south, 1e-6)
    scale = min(width / degrees_wide, most_height / degrees_high)

    def laid(ring: Ring) -> Ring:
        return tuple(((x - west) * shrink * scale, (north - y) * scale) for x, y in ring)

    flat = [
        tuple(tuple(laid(ring) for ring in polygon) for polygon in outline) for outline in outlines
    ]
    return flat, degrees_wide * scale, degrees_high * scale


def _thinned(ring: Sequence[Point], least: float) -> list[Point]:
    """Return the corners that are at least `least` from the one before."""
    corners: list[Point] = []
    for x, y in ring:
        if not corners or hypot(x - corners[-1][0], y - corners[-1][1]) >= least:
            corners.append((x, y))
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return corners


def _farthest(points: Sequence[Point], start: int, end: int) -> tuple[int, float]:
    """Return the point between `start` and `end` that is farthest from their line, and how far."""
    (ax, ay), (bx, by) = points[start], points[end]
    dx, dy = bx - ax, by - ay
    length = hypot(dx, dy)
    place, most = start, -1.0
    for at in range(start + 1, end):
        x, y = points[at]
        off_line = abs(dx * (ay - y) - dy * (ax - x))
        distance = off_line / length if length else hypot(x - ax, y - ay)
        if distance > most:
            place, most = at, distance
    return place, most


def _path(outline: Outline) -> str:
    return "".join(_ring_path(ring) for polygon in outline for ring in polygon)


def _ring_path(ring: Ring) -> str:
    steps = [(round(x * FINENESS), round(y * FINENESS)) for x, y in ring]
    kept = [step for step, before in zip(steps, [None, *steps], strict=False) if step != before]
    moves = [
        f"{next_x - x}{'' if next_y < y else ' '}{next_y - y}"
        for (x, y), (next_x, next_y) in pairwise(kept)
    ]
    return f"M{steps[0][0]} {steps[0][1]}l{' '.join(moves)}z" if moves else ""


def _label_place(ring: Ring) -> tuple[float, float, float]:
    """Return where a number is written in the ring, and how wide it is there.

    The middle of the widest stretch inside, of the lines at five heights: always inside.
    """
    low, high = min(y for _x, y in ring), max(y for _x, y in ring)
    best = (ring[0][0], (low + high) / 2, 0.0)
    for part in (0.5, 0.4, 0.6, 0.3, 0.7):
        y = low + (high - low) * part
        crossings = sorted(_crossings(ring, y))
        for start, end in zip(crossings[::2], crossings[1::2], strict=False):
            # The middle of the shape is preferred to a stretch that is hardly wider.
            if end - start > best[2] * 1.2:
                best = ((start + end) / 2, y, end - start)
    return best


def _crossings(ring: Ring, y: float) -> list[float]:
    return [
        ax + (y - ay) * (bx - ax) / (by - ay)
        for (ax, ay), (bx, by) in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (ay <= y) != (by <= y)
    ]
