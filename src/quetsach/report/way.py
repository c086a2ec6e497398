"""The steps from an address to a device, each as a sentence, with the record it rests on."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from quetsach.report.words import certainty
from quetsach.report.written import foreign, moment_of
from quetsach.texts import _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def step_text(step: Mapping[str, Any], zone: tzinfo) -> str:
    """Return one step in words.

    Shapes: `step` as findings/steps.py writes it: its start and end are us since 1970 UTC, or
    ISO 8601.
    """
    sentences = {
        "direct": _("%(before)s stands in the line itself"),
        "forwarded": _("the proxy %(before)s passed on its client: %(after)s (X-Forwarded-For)"),
        "translation": _("address translation: %(before)s was %(after)s inside%(span)s"),
        "port-block": _("port block of the provider: %(before)s belongs to %(after)s%(span)s"),
        "lease": _("DHCP gave %(before)s to %(after)s%(span)s"),
        "neighbour": _("a neighbour table shows %(before)s at %(after)s%(span)s"),
        "identity": _("%(before)s is known as %(after)s"),
        "inventory": _("the inventory knows %(before)s as %(after)s"),
        "override": _("a person decided: not %(before)s but %(after)s"),
    }
    facts = {
        "before": foreign(step["before"]),
        "after": foreign(step["after"]),
        "span": _span(step, zone),
    }
    text = sentences.get(step["kind"], "%(before)s -> %(after)s") % facts
    text += f" [{certainty(step['grade']).name}]"
    return f"{text}: {_(step['note'])}" if step.get("note") else text


def record_text(step: Mapping[str, Any]) -> str:
    """Return where the record of a step stands; "" where it rests on none."""
    if not step.get("path"):
        return ""
    facts = {"path": foreign(step["path"]), "offset": step["offset"]}
    return _("record: %(path)s, byte %(offset)s") % facts


def _span(step: Mapping[str, Any], zone: tzinfo) -> str:
    start, end = (_shown(step.get(name), zone) for name in ("start", "end"))
    if start and end:
        return _(", from %(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return _(", since %(start)s") % {"start": start}
    return ""


def _shown(when: int | str | None, zone: tzinfo) -> str:
    if when is None:
        return ""
    if isinstance(when, str):
        moment = datetime.fromisoformat(when)
    else:
        moment = _EPOCH + timedelta(microseconds=when)
    return moment_of(moment.astimezone(zone))
