"""What stands in a version's payload, and what a node is called in it."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

from quetsach.api.reports import Figure, QuetsachError, Version, figure_from_json, read_version
from quetsach_portal.reports.models import ReportVersion


def node_key(node_id: int) -> str:
    """Return what a node is called in payloads, and where organisations are counted by name."""
    return f"node:{node_id}"


def node_of(key: str) -> int:
    """Return the number of the node that `node_key` named."""
    return int(key.removeprefix("node:"))


def read(version: ReportVersion) -> Version:
    """Return what `version` says, in full. Errors: E450 when it is not what its digest says."""
    _check(version.payload, version.sha256)
    return read_version(version.payload.encode(), f"version {version.pk}")


def figures_of(version: ReportVersion) -> Mapping[str, Figure]:
    """Return the figures of `version`, kept in memory by its digest. Errors: E450."""
    return _figures(version.sha256, version.payload)


@lru_cache(maxsize=1024)
def _figures(digest: str, payload: str) -> Mapping[str, Figure]:
    _check(payload, digest)
    said = json.loads(payload)["figures"]
    return {key: figure_from_json(one, key) for key, one in said.items()}


def _check(payload: str, digest: str) -> None:
    if hashlib.sha256(payload.encode()).hexdigest() != digest:
        raise QuetsachError("E450", digest[:16], reason="it was changed after it was handed in")
