"""How the figures were made: versions, digests and options, so that another can make them again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.report.written import foreign, number, size
from quetsach.texts import _


@dataclass(frozen=True)
class Made:
    """The section on how the figures were made."""

    facts: Sequence[tuple[str, str]]
    balance: str
    digests: Sequence[Mapping[str, str]]


def made(manifest: Mapping[str, Any]) -> Made:
    """Return the section from manifest.json."""
    summary = manifest["summary"]
    return Made(
        facts=_facts(manifest),
        balance=_(
            "%(lines)s lines = %(out)s without any indicator + %(none)s looked at and not met"
            " + %(rejects)s refused + the lines of %(sightings)s sightings"
        )
        % {
            "lines": number(summary["lines"]),
            "out": number(summary["sieved_out"]),
            "none": number(summary["no_match"]),
            "rejects": number(summary["rejects"]),
            "sightings": number(summary["sightings"]),
        },
        digests=_digests(manifest),
    )


def _facts(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    options = manifest["options"]
    return [
        (_("Program"), f"quetsach {foreign(manifest['version'])}"),
        (_("Form of the folder"), foreign(manifest["format"])),
        (_("Zone for times without one"), _said(options.get("zone"))),
        (_("Inside ranges"), _said(options.get("inside"))),
        (_("From"), _said(options.get("since"))),
        (_("Until"), _said(options.get("until"))),
        (_("Private indicators accepted"), _said(options.get("accept_private"))),
        # The page is signed as well, so it cannot itself say by whom.
        (_("Signature"), _("in manifest.json, if signed: quetsach indicators verify FOLDER")),
        (_("Digest of the indicators"), foreign(manifest["indicator_set"]["digest"])),
    ]


def _said(value: object) -> str:
    if value is None:
        return _("not set")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return foreign(", ".join(str(one) for one in value)) or _("not set")
    return foreign(value if isinstance(value, str) else json.dumps(value, sort_keys=True))


def _digests(manifest: Mapping[str, Any]) -> list[Mapping[str, str]]:
    listed = [(one["name"], _("list"), "", one["sha256"]) for one in manifest["lists"]]
    evidence = [
        (one["path"], _("evidence"), size(one["bytes"]), one["sha256"])
        for one in manifest["evidence"]
    ]
    files = [
        (name, _("findings"), "", digest) for name, digest in sorted(manifest["files"].items())
    ]
    return [
        {"name": foreign(name), "kind": what, "bytes": amount, "sha256": foreign(digest)}
        for name, what, amount, digest in (*listed, *evidence, *files)
    ]
