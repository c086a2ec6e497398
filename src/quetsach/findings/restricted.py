"""The pages of a findings folder without what the marking of indicators keeps from an audience.

In place of what is left out stands how many it were. Raw lines and rows of lists are left out
with it, as they hold the same words.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from quetsach.indicators.model import Tlp
from quetsach.indicators.restriction import Audience, is_allowed, withheld_text
from quetsach.scanning.grades import SightingGrade

Pages = dict[str, Any]
"""The contents of the pages by name: devices, coverage, rejects, manifest."""


def pages_for(pages: Mapping[str, Any], audience: Audience) -> Pages:
    """Return the pages as `audience` may see them; the same ones where nothing is restricted.

    Shapes: `pages` are devices.json, coverage.json, rejects.json and manifest.json by the name
    without its ending.
    """
    every = [*_findings(pages["devices"])]
    withheld = _withheld(pages["devices"], audience)
    if not withheld:
        return dict(pages)
    manifest = {
        **pages["manifest"],
        "met": [
            one for one in pages["manifest"].get("met", ()) if not _is_of(one, every, audience)
        ],
        "refusals": [],
        "summary": _named(pages["manifest"]["summary"], withheld, audience),
    }
    return {
        **pages,
        "devices": _named(pages["devices"], withheld, audience),
        "rejects": {**pages["rejects"], "rows": []},
        "manifest": manifest,
    }


def withheld_in(devices: Mapping[str, Any], audience: Audience) -> int:
    """Return how many indicators that were met are kept from `audience`."""
    return len(_withheld(devices, audience))


def _withheld(devices: Mapping[str, Any], audience: Audience) -> set[str]:
    mentioned = devices.get("lines_to_look_at", {}).get("markings", {})
    return {one["indicator"] for one in _findings(devices) if not _may(one, audience)} | {
        name for name, marking in mentioned.items() if not is_allowed(Tlp(marking), audience)
    }


def _findings(devices: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    groups = (*devices["devices"], *devices["not_blamed"], devices["unattributed"])
    for group in groups:
        yield from group.get("findings", ())


def _may(finding: Mapping[str, Any], audience: Audience) -> bool:
    marking = finding.get("tlp")
    return is_allowed(Tlp(marking) if marking else None, audience)


def _is_of(met: Mapping[str, Any], every: list[Mapping[str, Any]], audience: Audience) -> bool:
    """Return whether a row of `met` is about an indicator that is withheld."""
    return any(
        (one["key"], one["type"]) == (met["key"], met["type"]) and not _may(one, audience)
        for one in every
    )


def _named(content: Any, withheld: set[str], audience: Audience) -> Any:
    """Return `content` with other words in each list of indicators and of findings."""
    if isinstance(content, list):
        return [_named(part, withheld, audience) for part in content]
    if not isinstance(content, dict):
        return content
    changed: dict[str, Any] = {}
    for name, part in content.items():
        if name in ("indicators", "indicators_hit") and isinstance(part, list):
            changed[name] = _names(part, withheld)
        elif name == "findings" and isinstance(part, list):
            changed[name] = _merged(part, audience)
        elif name == "markings":
            changed[name] = {}
        elif name == "line" and isinstance(part, str):
            hidden = any(word in part for word in withheld) or bool(
                withheld.intersection(content.get("indicators", ()))
            )
            changed[name] = withheld_text(1) if hidden else part
        else:
            changed[name] = _named(part, withheld, audience)
    return changed


def _names(names: list[str], withheld: set[str]) -> list[str]:
    shown = [name for name in names if name not in withheld]
    left = len(names) - len(shown)
    return [*shown, withheld_text(left)] if left else shown


def _merged(findings: list[dict[str, Any]], audience: Audience) -> list[dict[str, Any]]:
    """Return the findings that may be shown, and one row for all others together."""
    shown = [one for one in findings if _may(one, audience)]
    hidden = [one for one in findings if not _may(one, audience)]
    if not hidden:
        return shown
    # Their order is that of time: all moments of a folder are written in one zone.
    first = min((one["first_seen"] for one in hidden if one["first_seen"]), default=None)
    last = max((one["last_seen"] for one in hidden if one["last_seen"]), default=None)
    together = {
        **hidden[0],
        "indicator": withheld_text(len(hidden)),
        "key": "",
        "label": "",
        "family": "",
        "list": "–",
        "row": 0,
        "allow": [],
        "ports": [],
        "tlp": None,
        "confidence": None,
        "confidence_then": None,
        "samples": [],
        "sightings": sum(one["sightings"] for one in hidden),
        "connections": sum(one["connections"] for one in hidden),
        "first_seen": first,
        "last_seen": last,
        "best_grade": max((one["best_grade"] for one in hidden), key=_rank),
    }
    return [*shown, together]


def _rank(grade: str) -> int:
    return SightingGrade(grade).rank
