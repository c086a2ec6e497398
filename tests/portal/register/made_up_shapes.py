"""Made-up outlines: a grid of areas with wavy borders, as a GeoJSON file would have them."""

import json
from collections.abc import Sequence
from math import sin
from typing import Any

WEST, SOUTH, STEP = 106.2, 9.6, 0.02


def ring(column: int, row: int, *, corners: int = 40) -> list[list[float]]:
    """Return the closed border of an area in the grid; its neighbours have the same waves."""
    side = max(1, corners // 4)
    parts = [place / side for place in range(side)]
    bottom = [(column + part, row + _wave(column + part, row)) for part in parts]
    right = [(column + 1 + _wave(row + part, column + 1), row + part) for part in parts]
    top = [(column + 1 - part, row + 1 + _wave(column + 1 - part, row + 1)) for part in parts]
    beside = [(column + _wave(row + 1 - part, column), row + 1 - part) for part in parts]
    points = [[WEST + x * STEP, SOUTH + y * STEP] for x, y in (*bottom, *right, *top, *beside)]
    return [*points, points[0]]


def _wave(along: float, border: int) -> float:
    return 0.08 * sin(6.283 * along) * (1 + border % 3)


def feature(code: str, rings: Sequence[Any], kind: str = "Polygon") -> dict[str, Any]:
    """Return an area as a feature with its code."""
    return {
        "type": "Feature",
        "properties": {"code": code, "ten": "Xã"},
        "geometry": {"type": kind, "coordinates": list(rings)},
    }


def collection(*features: dict[str, Any], **more: Any) -> bytes:
    """Return a file of these features."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def grid(codes: Sequence[str], *, columns: int = 10, corners: int = 40) -> bytes:
    """Return a file in which each of `codes` has an area of the grid."""
    return collection(
        *(
            feature(code, [ring(place % columns, place // columns, corners=corners)])
            for place, code in enumerate(codes)
        )
    )
