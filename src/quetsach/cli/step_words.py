"""The steps from an address to a device, each as a sentence, with the record it rests on."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quetsach.cli.words import sure_word
from quetsach.texts import _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def step_text(step: Mapping[str, Any], zone: ZoneInfo) -> str:
    """Return one step in words.

    Shapes: `step` as findings/steps.py writes it; start and end in us since 1970, UTC.
    """
    sentences = {
        "direct": _("%(before)s stands in the line itself"),
        "forwarded": _("the proxy %(before)s passed on its client: %(after)s (X-Forwarded-For)"),
        "translation": _("address translation: %(before)s was %(after)s inside%(span)s"),
        "port-block": _("port block of the provider: %(before)s belongs to %(after)s%(span)s"),
        "lease": _("DHCP gave %(before)s to %(after)s%(span)s"),
        "neighbour": _("a neighbour table shows %(before)s at %(after)s%(span)s"),
        "inventory": _("the inventory knows %(before)s as %(after)s"),
        "override": _("a person decided: not %(before)s but %(after)s"),
    }
    facts = {**step, "span": _span(step, zone)}
    text = sentences.get(step["kind"], "%(before)s -> %(after)s") % facts
    text += f" [{sure_word(step['grade'])}]"
    return f"{text}: {_(step['note'])}" if step.get("note") else text


def record_text(step: Mapping[str, Any]) -> str:
    """Return where the record of a step stands; "" where it rests on none."""
    if not step.get("path"):
        return ""
    return _("record: %(path)s, byte %(offset)s") % step


def _span(step: Mapping[str, Any], zone: ZoneInfo) -> str:
    start, end = (_shown(step.get(name), zone) for name in ("start", "end"))
    if start and end:
        return _(", from %(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return _(", since %(start)s") % {"start": start}
    return ""


def _shown(when_us: int | None, zone: ZoneInfo) -> str:
    if when_us is None:
        return ""
    moment = (_EPOCH + timedelta(microseconds=when_us)).astimezone(zone)
    return moment.isoformat(sep=" ", timespec="seconds")
