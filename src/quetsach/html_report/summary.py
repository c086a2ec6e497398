"""The answer in one sentence with its three main figures, and how the figures were made."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from quetsach.html_report.exam_words import exam_sentences
from quetsach.html_report.words import CERTAINTIES, certainty, foreign, moment, number, size
from quetsach.texts import _


@dataclass(frozen=True)
class HeadlineFigure:
    """One large number with what it counts and its explanation."""

    number: str
    of: str
    notes: Sequence[str]
    alarming: bool


@dataclass(frozen=True)
class Headline:
    """The answer, what limits it, and the figures."""

    answer: str
    limits: Sequence[str]
    figures: Sequence[HeadlineFigure]
    found: bool


def headline(
    devices: Mapping[str, Any],
    coverage: Mapping[str, Any],
    summary: Mapping[str, Any],
    zone: tzinfo,
) -> Headline:
    """Return the headline; a zero is only stated for evidence that was searched."""
    count = len(devices["devices"])
    looked_at = summary["lines"] > 0
    return Headline(
        answer=_answer(count, _outdated(devices), summary, looked_at=looked_at),
        limits=_limits(devices, summary),
        figures=(
            _to_handle(devices["devices"], looked_at=looked_at),
            _looked_at(coverage, summary, zone),
            _not_read(summary),
        ),
        found=count > 0,
    )


def restricted_names(devices: Mapping[str, Any]) -> int:
    """Return how many of the indicators named may not leave the own organisation."""
    groups = (*devices["devices"], *devices["not_blamed"], devices["unattributed"])
    findings = (finding for group in groups for finding in group.get("findings", ()))
    return len({one["key"] for one in findings if one.get("tlp") in ("red", "amber+strict")})


def _outdated(devices: Mapping[str, Any]) -> int:
    """Return how many devices had a contact outside the validity of an indicator."""
    return sum(one["role"] == "outdated" for one in devices["not_blamed"])


def _answer(count: int, outdated: int, summary: Mapping[str, Any], *, looked_at: bool) -> str:
    if count == 1:
        return _("1 device needs to be handled.")
    if count:
        return _("%(n)s devices need to be handled.") % {"n": number(count)}
    if outdated:
        return _(
            "No device contacted a listed address while it was valid; outside that time there were "
            "contacts: see part 4."
        )
    if summary.get("lines_to_look_at"):
        return _("No device is named, but lines that name a listed address must be looked at.")
    if looked_at:
        return _("No device contacted a listed address in the evidence that was examined.")
    return _("No evidence was examined, so nothing is known about any device.")


def _limits(devices: Mapping[str, Any], summary: Mapping[str, Any]) -> list[str]:
    limits: list[str] = []
    if summary["lines"] and ("planted" in summary or not devices["devices"]):
        # Where devices were found there is no zero to weigh.
        from quetsach.html_report.planted_words import planted_sentences

        limits += planted_sentences(summary.get("planted"))
    if unread := len(summary["unread"]):
        limits.append(
            _("Files not fully read: %(n)s. The rest of their content is not known.")
            % {"n": number(unread)}
        )
    if summary["rejects"]:
        limits.append(_("Lines that could not be read: %(n)s.") % {"n": number(summary["rejects"])})
    if restricted := restricted_names(devices):
        limits.append(
            _(
                "This page names %(n)s indicators whose marking (TLP:RED or TLP:AMBER+STRICT) "
                "restricts who may see it. For others: quetsach report page."
            )
            % {"n": number(restricted)}
        )
    if outdated := _outdated(devices):
        limits.append(
            _("Devices with a contact outside the validity of an indicator: %(n)s.")
            % {"n": number(outdated)}
        )
    if lost := devices["unattributed"]["sightings"]:
        limits.append(
            _("Sightings for which no device could be named: %(n)s.") % {"n": number(lost)}
        )
    if mentions := summary.get("lines_to_look_at", 0):
        limits.append(
            _("Lines that name an indicator and prove no contact: %(n)s. They count for nothing.")
            % {"n": number(mentions)}
        )
    return limits


def _to_handle(devices: Sequence[Mapping[str, Any]], *, looked_at: bool) -> HeadlineFigure:
    count = len(devices)
    # Where nothing was searched, a zero would claim more than is known.
    shown = number(count) if count or looked_at else "–"
    return HeadlineFigure(shown, _("devices to handle"), _sureness(devices), alarming=count > 0)


def _sureness(devices: Sequence[Mapping[str, Any]]) -> list[str]:
    counts = Counter(device["grade"] for device in devices)
    known = [grade for grade in CERTAINTIES if counts[grade]]
    other = sorted(set(counts) - set(CERTAINTIES))
    return [f"{number(counts[grade])} {certainty(grade).name}" for grade in (*known, *other)]


def _looked_at(
    coverage: Mapping[str, Any], summary: Mapping[str, Any], zone: tzinfo
) -> HeadlineFigure:
    sources = [one for one in coverage["sources"] if not one.get("set_aside")]
    first = min((one["first"] for one in sources if one["first"]), default=None, key=_instant)
    last = max((one["last"] for one in sources if one["last"]), default=None, key=_instant)
    notes = [
        _("%(lines)s lines, %(size)s")
        % {"lines": number(summary["lines"]), "size": size(summary["bytes_read"])}
    ]
    if first is not None:
        notes.append(f"{moment(first, zone)} – {moment(last, zone)}")
    notes.append(_("indicators looked for: %(n)s") % {"n": number(summary["indicators"])})
    return HeadlineFigure(number(len(sources)), _("sources looked at"), notes, alarming=False)


def _instant(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _not_read(summary: Mapping[str, Any]) -> HeadlineFigure:
    notes = [_("lines refused: %(n)s") % {"n": number(summary["rejects"])}]
    if summary["as_text"]:
        notes.append(
            _("files with lines of unknown form: %(n)s") % {"n": number(len(summary["as_text"]))}
        )
    unread = len(summary["unread"])
    return HeadlineFigure(number(unread), _("files not fully read"), notes, alarming=unread > 0)


@dataclass(frozen=True)
class RunSection:
    """The section on how the figures were made."""

    facts: Sequence[tuple[str, str]]
    balance: str
    digests: Sequence[Mapping[str, str]]


def summarise_run(manifest: Mapping[str, Any]) -> RunSection:
    """Return the section from manifest.json."""
    summary = manifest["summary"]
    return RunSection(
        facts=_facts(manifest),
        balance=_(
            "%(lines)s lines = %(out)s without any indicator + %(none)s examined without "
            "a match + %(rejects)s refused + %(named)s with sightings or to look at"
        )
        % {
            "lines": number(summary["lines"]),
            "out": number(summary["sieved_out"]),
            "none": number(summary["no_match"]),
            "rejects": number(summary["rejects"]),
            "named": number(summary["sighting_lines"]),
        },
        digests=_digests(manifest),
    )


def _facts(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    options = manifest["options"]
    return [
        (_("Program"), f"quetsach {foreign(manifest['version'])}"),
        (_("Form of the folder"), foreign(manifest["format"])),
        (_("Time zone of times without a zone"), _setting_text(options.get("zone"))),
        (_("Inside ranges"), _setting_text(options.get("inside"))),
        (_("From"), _setting_text(options.get("since"))),
        (_("Until"), _setting_text(options.get("until"))),
        (_("Private indicators accepted"), _setting_text(options.get("accept_private"))),
        *_accepted(options),
        # The page is signed as well, so it cannot name its own signer.
        (_("Signature"), _("in manifest.json, if signed: quetsach indicators verify FOLDER")),
        (_("How often the names were right"), _exam_text(manifest["summary"])),
        (_("Digest of the indicators"), foreign(manifest["indicator_set"]["digest"])),
    ]


def _accepted(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    reason = options.get("accept_doubtful")
    return [(_("Doubtful indicators accepted, because"), foreign(reason))] if reason else []


def _exam_text(summary: Mapping[str, Any]) -> str:
    exam = summary.get("exam")
    if exam is None:
        return _("not measured: see quetsach exam")
    return "; ".join((*exam_sentences(exam), f"SHA-256 {foreign(exam['sha256'])}"))


def _setting_text(setting: object) -> str:
    if setting is None:
        return _("not set")
    if isinstance(setting, bool):
        return _("yes") if setting else _("no")
    if isinstance(setting, list):
        return foreign(", ".join(str(one) for one in setting)) or _("not set")
    return foreign(setting if isinstance(setting, str) else json.dumps(setting, sort_keys=True))


def _evidence_digests(evidence: Mapping[str, Any]) -> str:
    """Return the digests of a file, each with its kind but SHA-256, which all others are."""
    blake3, sha256 = evidence.get("blake3"), evidence.get("sha256")
    return " ".join(filter(None, (f"BLAKE3 {blake3}" if blake3 else "", sha256)))


def _digests(manifest: Mapping[str, Any]) -> list[Mapping[str, str]]:
    listed = [(one["name"], _("list"), "", one["sha256"]) for one in manifest["lists"]]
    evidence = [
        (one["path"], _("evidence"), size(one["bytes"]), _evidence_digests(one))
        for one in manifest["evidence"]
    ]
    files = [
        (name, _("findings"), "", digest) for name, digest in sorted(manifest["files"].items())
    ]
    return [
        {"name": foreign(name), "kind": what, "bytes": amount, "digest": foreign(digest)}
        for name, what, amount, digest in (*listed, *evidence, *files)
    ]
