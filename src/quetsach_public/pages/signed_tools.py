"""The signed catalogue as files of the site, for who checks a tool by the program `quetsach`."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

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
    """Return the number of the key that signed, "" where it cannot be told."""
    try:
        return str(json.loads(signed["tools.json.sig"])["signatures"][0]["key_id"])
    except (KeyError, IndexError, TypeError, ValueError):
        return ""
