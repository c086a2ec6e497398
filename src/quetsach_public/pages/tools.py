"""The trusted tools of the campaign, from the portal's signed catalogue."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ListedTool:
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


def serving(tools: Sequence[ListedTool], platform: str) -> list[ListedTool]:
    """Return those of `tools` that run on what the steps of `platform` are about."""
    serves = {platform, "camera"} if platform == "router" else {platform}
    return [one for one in tools if serves.intersection(one.platforms)]


def read_tools(path: Path) -> tuple[ListedTool, ...]:
    """Return the tools of the catalogue at `path`; none where there is no catalogue.

    Raises ValueError, TypeError for what is none.
    """
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return ()
    return tuple(ListedTool(**_lists(one)) for one in found["tools"])


def _lists(tool: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {
        key: tuple(tool[key]) for key in ("platforms", "languages") if key in tool
    }
    return {**tool, **named}


FILES = ("tools.json", "tools.json.sig", "tools.pub.pem")


def read_signed(folder: Path) -> Mapping[str, bytes]:
    """Return the files of the catalogue in `folder`; none where one is missing.

    Raises OSError for those that are there and cannot be read.
    """
    try:
        return {name: (folder / name).read_bytes() for name in FILES}
    except FileNotFoundError:
        return {}


def paths_of(signed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files by their paths on the site, which change with the catalogue."""
    if not signed:
        return {}
    digest = hashlib.sha256(b"".join(signed[name] for name in FILES)).hexdigest()[:12]
    return {f"/static/catalogue-{digest}/{name}": signed[name] for name in FILES}


def standing_of(signed: Mapping[str, bytes]) -> dict[str, object]:
    """Return which digests the catalogue withdrew, and until when it holds ("" for no catalogue).

    Raises ValueError for what is no catalogue.
    """
    if not signed:
        return {"withdrawn": [], "valid_until": ""}
    found = json.loads(signed["tools.json"])
    return {"withdrawn": found.get("withdrawn", []), "valid_until": found.get("valid_until", "")}


def key_of(signed: Mapping[str, bytes]) -> str:
    """Return the number of the key that signed, "" where it is unknown."""
    try:
        return str(json.loads(signed["tools.json.sig"])["signatures"][0]["key_id"])
    except (KeyError, IndexError, TypeError, ValueError):
        return ""
