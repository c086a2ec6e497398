"""Where the 34 provinces and cities of 2025 lie on a map of tiles; both archipelagos on each map.

Source: the areas of 2025 (units/areas); the places are ours, roughly as on a map.
"""

from collections.abc import Mapping

PLACES: Mapping[str, tuple[int, int]] = {
    "12": (1, 0),
    "15": (2, 0),
    "08": (3, 0),
    "04": (4, 0),
    "11": (0, 1),
    "14": (1, 1),
    "25": (2, 1),
    "19": (3, 1),
    "20": (4, 1),
    "01": (2, 2),
    "24": (3, 2),
    "31": (4, 2),
    "22": (5, 2),
    "37": (2, 3),
    "33": (3, 3),
    "38": (2, 4),
    "40": (2, 5),
    "42": (2, 6),
    "44": (3, 7),
    "46": (3, 8),
    "48": (4, 9),
    "51": (4, 10),
    "52": (4, 11),
    "66": (4, 12),
    "68": (3, 13),
    "56": (4, 13),
    "80": (1, 14),
    "75": (2, 14),
    "91": (0, 15),
    "82": (1, 15),
    "79": (2, 15),
    "92": (1, 16),
    "86": (2, 16),
    "96": (1, 17),
}
"""Column and row by the code of the province."""

HOANG_SA, TRUONG_SA = "20333", "22736"
ISLANDS: Mapping[str, tuple[str, str]] = {
    HOANG_SA: ("Hoàng Sa", "Đặc khu Hoàng Sa, thành phố Đà Nẵng"),
    TRUONG_SA: ("Trường Sa", "Đặc khu Trường Sa, tỉnh Khánh Hòa"),
}
"""Names by the code of the special zone; drawn on every map, whatever it shows."""

ISLAND_PLACES: Mapping[str, tuple[int, int]] = {HOANG_SA: (6, 8), TRUONG_SA: (6, 14)}
"""East of the coast, on the map of provinces."""

MOST_COLUMNS = 5
"""Of a map of units in rows: as many as a phone shows whole, both archipelagos among them."""
