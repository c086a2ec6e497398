"""Words of others, as they can be kept: findings and notices are written by strangers' machines."""

from typing import Any


def fit(text: str | None, longest: int) -> str:
    """Return `text` cut to `longest`, without what no database takes (NUL, half characters)."""
    kept = (text or "")[: 4 * longest].replace("\x00", "\ufffd")
    return kept.encode("utf-8", "replace").decode()[:longest]


def fit_all(value: Any, longest: int = 4096, most: int = 200) -> Any:
    """Return a JSON value with every text in it fitted, and no list longer than `most`."""
    if isinstance(value, str):
        return fit(value, longest)
    if isinstance(value, dict):
        pairs = list(value.items())[:most]
        return {fit(str(key), 120): fit_all(one, longest, most) for key, one in pairs}
    if isinstance(value, list | tuple):
        return [fit_all(one, longest, most) for one in value[:most]]
    return value
