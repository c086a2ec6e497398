"""What a zero is worth, in words: how much of what was planted the logs show."""

from collections.abc import Iterator, Mapping
from typing import Any

from quetsach.html_report.exam_words import per_cent
from quetsach.html_report.words import number
from quetsach.texts import _


def planted_sentences(planted: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the sentences that stand beside a zero.

    Shapes: `planted` is that of a summary; None where nothing planted was looked for.
    """
    if planted is None or not planted["planted"]:
        yield _not_measured(planted)
    elif not planted["seen"]:
        yield _(
            "None of the %(planted)s planted contacts were seen: these logs would not have shown "
            "a contact."
        ) % {"planted": number(planted["planted"])}
    else:
        yield power_sentence(planted)
    if planted is not None and planted["off"]:
        yield _("Not asked, as the PC was off: %(n)s planted contacts.") % {
            "n": number(planted["off"])
        }
    if planted is not None and (blind := blind_places(planted)):
        yield _("Nothing planted was seen from: %(places)s.") % {"places": ", ".join(blind)}


def power_sentence(power: Mapping[str, Any]) -> str:
    """Return how many planted contacts were seen, and how surely a contact would have been."""
    return _(
        "%(seen)s of %(planted)s planted contacts were seen (95 %%: at least %(a_day)s a day); "
        "contact on %(days)s independent days would have been found with at least %(in_days)s."
    ) % {
        "seen": number(power["seen"]),
        "planted": number(power["planted"]),
        "a_day": per_cent(power["a_day"]),
        "days": number(power["days"]),
        "in_days": per_cent(power["in_days"]),
    }


def blind_places(planted: Mapping[str, Any]) -> list[str]:
    """Return the places of which nothing was seen, where of others something was."""
    if not planted["seen"]:
        return []
    return [place["place"] for place in planted["places"] if not place["seen"]]


def _not_measured(planted: Mapping[str, Any] | None) -> str:
    if planted is not None and planted["names"]:
        return _(
            "Planted names were seen: %(n)s. How many were planted is not known here, so that it "
            "cannot be told how surely these logs show a contact."
        ) % {"n": number(planted["names"])}
    return _(
        "Nothing planted was counted in these logs, so that it cannot be told whether they would "
        "have shown a contact."
    )
