"""The tools that the campaign vouches for, as the portal's signed catalogue names them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Tool:
    """One entry of the catalogue; the portal checked it before it was signed."""

    name: str
    maker: str
    version: str
    file: str
    sha256: str
    address: str
    purpose: dict[str, str]
    platforms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    offline: bool = False
    price: int = 0


def serving(tools: Sequence[Tool], platform: str) -> list[Tool]:
    """Return those of `tools` that run on what the steps of `platform` are about."""
    serves = {platform, "camera"} if platform == "router" else {platform}
    return [one for one in tools if serves.intersection(one.platforms)]


def read_tools(path: Path) -> tuple[Tool, ...]:
    """Return the tools of the catalogue at `path`; none where there is no catalogue.

    Raises ValueError, TypeError for what is none.
    """
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return ()
    return tuple(Tool(**_lists(one)) for one in found["tools"])


def _lists(one: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {
        key: tuple(one[key]) for key in ("platforms", "languages") if key in one
    }
    return {**one, **named}
