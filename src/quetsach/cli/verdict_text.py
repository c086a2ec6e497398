"""Verdicts for people at a terminal of 80 columns: units first, then the devices by state."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from quetsach.cli.wrapping import wrapped
from quetsach.texts import _
from quetsach.verdicts.days import day_text
from quetsach.verdicts.model import State, Verdict
from quetsach.verdicts.sentences import state_word

if TYPE_CHECKING:
    from quetsach.run.verdicts import VerdictReport

MOST_SHOWN = 50
"""How many devices of one state, units and problems are printed; --json prints all."""

ORDER = (
    State.RECURRED,
    State.INFECTED,
    State.QUIET_NOT_PROVEN,
    State.CANNOT_TELL,
    State.HANDLED,
    State.VERIFIED_CLEAN,
)
"""The states in which something is to be done come first."""


def lines_of(report: "VerdictReport") -> Iterator[str]:
    """Yield the lines of a report; none is longer than 80 columns unless a word is."""
    facts = {
        "day": day_text(report.as_of),
        "days": report.thresholds.covered_days,
        "alive": report.thresholds.alive_days,
    }
    yield from wrapped(
        _("As of %(day)s; a proof needs %(days)s covered days, alive on %(alive)s of them.") % facts
    )
    yield from _units(report)
    for state in ORDER:
        of_state = [one for one in report.devices if one[1].state is state]
        if of_state:
            yield ""
            yield _("%(state)s: %(count)s") % {
                "state": state_word(state).upper(),
                "count": len(of_state),
            }
        for unit, verdict in of_state[:MOST_SHOWN]:
            yield from _device(unit, verdict)
        yield from _more(len(of_state))
    if not report.devices:
        yield ""
        yield _("No device is blamed in these findings.")
    yield from _problems(report)


def _units(report: "VerdictReport") -> Iterator[str]:
    for one in report.units[:MOST_SHOWN]:
        name = one.unit or _("(no unit named)")
        yield from wrapped(f"{name}: {one.sentence}", "  ")
    yield from _more(len(report.units))


def _device(unit: str, verdict: Verdict) -> Iterator[str]:
    yield "  " + verdict.device + (f" ({unit})" if unit else "")
    yield from wrapped(verdict.because, "      ")
    for text in verdict.missing:
        yield from wrapped(_("missing: %(what)s") % {"what": text}, "      ")
    for text in verdict.signals:
        yield from wrapped(_("beside the logs: %(what)s") % {"what": text}, "      ")
    for text in verdict.declared:
        yield from wrapped(_("only said, no proof: %(what)s") % {"what": text}, "      ")
    if verdict.recheck:
        days = ", ".join(map(day_text, verdict.recheck))
        yield from wrapped(_("look again on: %(days)s") % {"days": days}, "      ")


def _problems(report: "VerdictReport") -> Iterator[str]:
    if report.problems or not report.complete:
        yield ""
        yield _("NOT ALL WAS READ:")
    for one in report.problems[:MOST_SHOWN]:
        yield from wrapped(str(one), "  ")
    yield from _more(len(report.problems))
    if not report.complete:
        yield from wrapped(_("The sweeps behind it could not read all: see their reports."), "  ")


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more; --json prints all") % {"count": count - MOST_SHOWN}
