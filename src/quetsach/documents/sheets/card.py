"""The handling sheet of one device: its content in plain words, as PDF/A and as an HTML page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.text import day, printable
from quetsach.documents.typeset.typst import Face, qr_svg, set_page
from quetsach.errors.catalogue import N_
from quetsach.instructions.steps import GROUPS, instruction, words_of
from quetsach.texts import _, language

LONGEST_NAME = 60
"""How much of a foreign text is shown, in characters; the case has all of it."""

MOST_REASONS = 3
"""How many indicators the sheet names; the first are the strongest."""

MOST_RIVALS = 3
MOST_NUMBERS = 3

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_DID: Mapping[str, str] = {
    "asked": N_("it asked for the listed name"),
    "answered": N_("it asked for the listed name and was answered"),
    "blocked": N_("it tried to connect and was blocked"),
    "connected": N_("it connected to the listed address"),
    "moved": N_("it exchanged data with the listed address"),
}
_SURE: Mapping[str, tuple[str, str]] = {
    "certain": (
        N_("Certain"),
        N_("A record names this machine as the holder of the address at that time."),
    ),
    "likely": (
        N_("Likely"),
        N_("Compare name and MAC on the spot; if they differ, stop and report it."),
    ),
    "ambiguous": (N_("Not settled"), N_("It may have been another machine: check these as well.")),
    "unknown": (N_("Unknown"), N_("No available record shows which machine held the address.")),
}


_ONLY_ADDRESS = N_(
    "Only its address is known: ask the router which machine has it, write down its name and MAC."
)


@dataclass(frozen=True)
class CardStep:
    """One step: its title, and the things to tick."""

    title: str
    ticks: tuple[str, ...]


@dataclass(frozen=True)
class HandlingCard:
    """The content of the sheet, every text made printable and cut to its place.

    Shapes: `facts` are (label, value), "" to be filled in by hand; `numbers` are of sightings;
    `qr` is the content of the code; `when` is the last sighting in ISO 8601, "" if unknown.
    """

    lang: str
    head: str
    name: str
    facts: tuple[tuple[str, str], ...]
    period: str
    reasons: tuple[str, ...]
    more_reasons: str
    grade: str
    meaning: str
    rivals: tuple[str, ...]
    more_rivals: str
    remarks: tuple[str, ...]
    steps: tuple[CardStep, ...]
    blanks: tuple[str, ...]
    numbers: tuple[str, ...]
    qr: str
    when: str


@dataclass(frozen=True)
class CardCampaign:
    """What all sheets of one campaign share: where its times are, and the scanner it names."""

    zone: tzinfo
    tool: str = ""


def card_of(device: Mapping[str, Any], campaign: CardCampaign, qr: str) -> HandlingCard:
    """Return the sheet of a device of `devices.json`, in the language in use."""
    grade, meaning = _SURE.get(_text(device, "grade"), _SURE["unknown"])
    findings = _listed(device, "findings")
    rivals = _rivals(device)
    machine = _mapping(device, "machine")
    return HandlingCard(
        lang=language(),
        head=_("Handling sheet for one machine"),
        name=_fit(_text(machine, "name") or _text(device, "host_name") or _text(device, "device")),
        facts=_facts(device, machine),
        period=_period(device, campaign.zone),
        reasons=tuple(_reason(one) for one in findings[:MOST_REASONS]),
        more_reasons=_more(len(findings) - MOST_REASONS, _("and %(n)s more, see the case")),
        grade=_(grade),
        meaning=_(meaning) if _is_named(device) else _(_ONLY_ADDRESS),
        rivals=rivals[:MOST_RIVALS],
        more_rivals=_more(len(rivals) - MOST_RIVALS, _("and %(n)s more machines, see the case")),
        remarks=_remarks(machine),
        steps=_steps(campaign.tool),
        blanks=(_("Date and time:"), _("Done by (desk or role):"), _("What was found:")),
        numbers=tuple(_fit(str(one), 20) for one in _items(device, "samples")[:MOST_NUMBERS]),
        qr=qr,
        when=_text(device, "last_seen"),
    )


def _facts(device: Mapping[str, Any], machine: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    addresses = [_fit(str(one), 39) for one in _items(device, "addresses")[:2]]
    shown = ", ".join(addresses) + (" …" if len(_items(device, "addresses")) > 2 else "")
    place = _mapping(device, "place")
    return (
        (_("Listed as"), _fit(_text(machine, "key"), 32)),
        (_("Hardware address (MAC)"), _fit(_text(device, "mac"), 20)),
        (_("IP address at that time"), shown),
        (_("Unit"), _fit(_text(place, "unit_name") or _text(machine, "unit"), 40)),
        (_("Room"), _fit(_text(place, "room") or _text(machine, "room"), 32)),
        (_("Desk"), _fit(_text(machine, "desk"), 32)),
    )


def _is_named(device: Mapping[str, Any]) -> bool:
    """Return whether there is anything by which a machine can be known on the spot."""
    known = _text(device, "host_name") or _text(device, "mac") or _mapping(device, "machine")
    return bool(known) or _text(device, "grade") != "likely"


def _remarks(machine: Mapping[str, Any]) -> tuple[str, ...]:
    found = [_fit(_text(machine, "kind"), 40), _fit(_text(machine, "remarks"), 40)]
    if machine.get("shared") is True:
        found.append(_("Several people use this machine: change the passwords of all of them."))
    return tuple(one for one in found if one)


def _period(device: Mapping[str, Any], zone: tzinfo) -> str:
    first, last = (_moment(_text(device, name), zone) for name in ("first_seen", "last_seen"))
    count = device.get("sightings")
    facts = {"first": first, "last": last, "n": _number(count)}
    if not first and not last:
        return _("%(n)s log lines without a time.") % facts
    if first == last:
        return _("At %(first)s, in %(n)s log lines.") % facts
    return _("From %(first)s to %(last)s, in %(n)s log lines.") % facts


def _reason(finding: Mapping[str, Any]) -> str:
    did = _(_DID.get(_text(finding, "best_grade"), _DID["asked"]))
    shown, label = _fit(_text(finding, "indicator")), _fit(_text(finding, "label"), 24)
    words = [label] if label else []
    # What goes on paper carries its marking (FIRST, TLP 2.0, "How to use TLP in documents").
    words += [f"TLP:{tlp.upper()}" for tlp in [_text(finding, "tlp")] if tlp]
    return f"{shown} ({', '.join(words)}): {did}" if words else f"{shown}: {did}"


def _in_words(text: str) -> str:
    """Return a reason in the language in use; gettext answers "" with its own head."""
    return _(text) if text else ""


def _rivals(device: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the machines that it may have been too, with the reason where one is known."""
    because = {
        _text(one, "device"): _fit(_in_words(_text(one, "because")), 40)
        for one in _listed(device, "rivals_because")
    }
    names = dict.fromkeys([*map(str, _items(device, "rivals")), *because])
    shown = ((_fit(name, 40), because.get(name, "")) for name in names if name)
    return tuple(f"{name}: {why}" if why else name for name, why in shown)


def _steps(tool: str) -> tuple[CardStep, ...]:
    named = _fit(tool, 60)
    groups = words_of(language())["groups"]
    return tuple(
        CardStep(
            groups[group],
            tuple(instruction(code, language(), tool=named).text for code in codes),
        )
        for group, codes in GROUPS.items()
    )


def _number(count: object) -> str:
    shown = f"{count:,}" if isinstance(count, int) and 0 <= count < 10**15 else "?"
    return shown if language() == "en" else shown.replace(",", ".")


def _moment(text: str, zone: tzinfo) -> str:
    try:
        when = datetime.fromisoformat(text).astimezone(zone)
    except (ValueError, OverflowError):
        return ""
    clock = f"{when:%H:%M}"
    if language() == "en":
        return f"{clock} {when.day} {_MONTHS[when.month - 1]} {when.year}"
    return f"{clock} {day(when)}"


def _more(count: int, text: str) -> str:
    return text % {"n": count} if count > 0 else ""


def _fit(text: str, longest: int = LONGEST_NAME) -> str:
    """Return text of others as it can be printed: on one line, cut, nothing invisible."""
    # A very long text is cut before it is processed.
    fitted = " ".join(printable(text[: 4 * longest])[0].split())
    return fitted if len(fitted) <= longest else fitted[: longest - 1] + "…"


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _items(values: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = values.get(name)
    return value if isinstance(value, list) else ()


def _listed(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [one for one in _items(values, name) if isinstance(one, dict)]


def _mapping(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name)
    return value if isinstance(value, dict) else {}


_TEMPLATE = Path(__file__).with_name("card.typ")
_BREAK_HERE = "\u200b"
_LONG_WORD = 18


def card_pdf(card: HandlingCard, *, face: Face | None = None) -> bytes:
    """Return the page; the same sheet gives the same bytes.

    Errors: E405 when the typesetter refuses or warns.
    """
    when_s = _timestamp(card.when)
    return set_page(_TEMPLATE, "card", _inputs(card), qr=card.qr, when_s=when_s, face=face)


def headings(card: HandlingCard) -> dict[str, str]:
    """Return the headings of the sheet in the language in use, by section."""
    # Only an address can be opened; the code of a case is for the one who keeps the findings.
    leads = card.qr.startswith(("http://", "https://"))
    return {
        "where": _("Which machine, and where"),
        "why": _("Why"),
        "sure": _("How sure"),
        "rivals": _("Check these machines too:"),
        "steps": _("Three steps; tick what is done"),
        "proof": _("Evidence: quetsach why FINDINGS"),
        "qr": _("Leads back to the case") if leads else _("Code of this case"),
    }


def _inputs(card: HandlingCard) -> dict[str, object]:
    shown = _breakable(asdict(card))
    assert isinstance(shown, dict)
    return {**shown, "heads": headings(card), "page": decree.PAGE_MM}


def _breakable(content: object) -> object:
    """Return `content` with places to break a line within every long word of its texts."""
    if isinstance(content, str):
        words = content.split(" ")
        return " ".join(w if len(w) < _LONG_WORD else _BREAK_HERE.join(w) for w in words)
    if isinstance(content, dict):
        return {name: _breakable(part) for name, part in content.items()}
    if isinstance(content, list | tuple):
        return [_breakable(part) for part in content]
    return content


def _timestamp(when: str) -> int:
    try:
        return max(0, int(datetime.fromisoformat(when).timestamp()))
    except (ValueError, OverflowError):
        return 0


CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The page may load nothing and run nothing, whatever the evidence contains."""

_CARD_PAGE_TEMPLATE = Path(__file__).with_name("card.html")


def card_page(card: HandlingCard) -> str:
    """Return the page; texts of others are escaped, the same sheet gives the same bytes."""
    drawn = Markup(qr_svg(card.qr))  # noqa: S704 - squares drawn here, without any text
    return (
        _templates()
        .get_template(_CARD_PAGE_TEMPLATE.name)
        .render(card=card, heads=headings(card), qr=drawn, policy=CONTENT_POLICY)
    )


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(_CARD_PAGE_TEMPLATE.parent)
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
