"""The demo district swept and held against its truth: the engine proves itself where it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from quetsach.api.findings import read_folder
from quetsach.api.sweeps import sweep, sweep_request
from quetsach.demo.district import build_district
from quetsach.texts import _


@dataclass(frozen=True)
class SelfCheck:
    """One promise, whether it was kept, and what was found if not."""

    promise: str
    kept: bool
    found: str


def run_selftest(folder: Path, seed: int = 2022) -> list[SelfCheck]:
    """Return what became of each promise, sweeping a small demo district in `folder`."""
    district, findings = folder / "district", folder / "findings"
    build_district(district, seed, "small", None)
    truth = msgspec.json.decode((district / "truth.json").read_bytes(), type=dict[str, Any])
    request = sweep_request(
        evidence=[str(district / "evidence")],
        lists=[district / "indicators"],
        allow=[district / "allow" / "resolver.txt"],
        sources=district / "sources.toml",
        out=findings,
    )
    summary = sweep(request)
    sources = read_folder(findings).coverage["sources"]
    # A line cut in the middle is a reject; a packed file cut in the middle is unread.
    rejecting = [one for one in sources if one["rejects"]]
    incomplete = [one["path"] for one in (*summary["unread"], *rejecting)]
    return hold_against(truth, summary, incomplete)


def hold_against(
    truth: dict[str, Any], summary: dict[str, Any], incomplete: Sequence[str]
) -> list[SelfCheck]:
    """Return the promises that the summary of a sweep must keep for the truth of its district.

    `incomplete` are the paths of which the sweep says that not all could be read.
    """
    devices: list[dict[str, Any]] = summary["devices"]
    missed = [one["host_name"] for one in truth["infected"] if not _found(one, devices)]
    blamed = [one["device"] for one in devices if not _is_true(one, truth["infected"])]
    aside = {one["role"] for one in summary["not_blamed"]}
    counted = ("sieved_out", "no_match", "sighting_lines", "rejects")
    unaccounted = summary["lines"] - sum(summary[name] for name in counted)
    cut = [one["path"] for one in truth["files"] if one["lost_lines"] or one["fragment"]]
    silent = [path for path in cut if not any(one.endswith(path) for one in incomplete)]
    return [
        _check(_("every infected device is named, with every indicator it met"), missed),
        _check(_("no clean device is named"), blamed),
        _check(
            _("the resolver, the scanned server and the public resolver's clients are not blamed"),
            sorted({"resolver", "target", "allowed"} - aside),
        ),
        _check(_("every line is accounted for"), [str(unaccounted)] if unaccounted else []),
        _check(_("what was cut off is reported as not read"), silent),
    ]


def _check(promise: str, broken: list[str]) -> SelfCheck:
    return SelfCheck(promise, not broken, ", ".join(broken[:10]))


def _found(true: dict[str, Any], devices: list[dict[str, Any]]) -> bool:
    """Return whether some device stands for the true one and met all of its indicators."""
    met = {one["indicator"] for one in true["met"]}
    named = [one for one in devices if _is_same(one, true)]
    return bool(named) and met <= {shown for one in named for shown in one["indicators"]}


def _is_true(device: dict[str, Any], infected: list[dict[str, Any]]) -> bool:
    return any(_is_same(device, one) for one in infected)


def _is_same(device: dict[str, Any], true: dict[str, Any]) -> bool:
    if device["mac"]:
        return bool(device["mac"] == true["mac"])
    return bool(set(device["addresses"]) & {one["address"] for one in true["held"]})
