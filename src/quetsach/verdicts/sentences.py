"""A verdict in words: why this state, and what is missing for a better one."""

from collections.abc import Iterator, Mapping, Sequence

from quetsach.texts import _, plain
from quetsach.verdicts.model import (
    DeviceHistory,
    DeviceState,
    InfectionSign,
    SideSignal,
    Signal,
    Thresholds,
    day_text,
    days_text,
)
from quetsach.verdicts.window import CoverageGap, DayWindow

MOST_PARTIAL = 3


def log_word(kind: str) -> str:
    """Return the log that shows evidence of this kind, in words."""
    words = {
        "dns": _("DNS log"),
        "connection": _("connection log"),
        "web": _("web log"),
        "file": _("log of files"),
        "mail": _("mail log"),
        "host": _("collection from the PC"),
        "text": _("log of unknown form"),
    }
    return words[kind] if kind in words else _("log of %(kind)s") % {"kind": plain(kind)}


def state_word(state: str) -> str:
    """Return a state in words."""
    words = {
        "infected": _("infected"),
        "handled": _("handled, being watched"),
        "quiet-not-proven": _("quiet, not proven clean"),
        "verified-clean": _("verified clean"),
        "recurred": _("recurred"),
        "cannot-tell": _("cannot tell"),
    }
    return words.get(state, state)


def because(
    state: DeviceState, history: DeviceHistory, window: DayWindow, thresholds: Thresholds
) -> str:
    """Return the sentence that explains the state."""
    facts = {
        "covered": len(window.covered),
        "alive": len(window.alive),
        "needed": thresholds.covered_days,
        "least": thresholds.alive_days,
        "passed": window.elapsed,
        "number": history.recurrences,
        "day": day_text(history.start_day) if history.start_day else "",
        "logs": ", ".join(log_word(one) for one in sorted({kind for _u, kind in history.needs})),
    }
    if state is DeviceState.INFECTED:
        return _infected(history.bad[-1])
    if state is DeviceState.RECURRED:
        return _reinfected_sentence(history.after[0], facts)
    if state is DeviceState.CANNOT_TELL:
        return _unknown_sentence(history, facts)
    texts = {
        DeviceState.HANDLED: _(
            "Handled on %(day)s; %(passed)s of %(needed)s whole days have passed, and no contact "
            "is known since."
        ),
        DeviceState.VERIFIED_CLEAN: _(
            "Since its handling on %(day)s no contact: %(covered)s days are covered (%(logs)s), "
            "and it was alive on %(alive)s of them."
        ),
        DeviceState.QUIET_NOT_PROVEN: _(
            "No contact is known since its handling on %(day)s, but that is no proof: days covered "
            "%(covered)s (needed: %(needed)s), alive on %(alive)s of them (needed: %(least)s)."
        )
        if history.handled
        else _(
            "No contact since %(day)s, on %(covered)s covered days, alive on %(alive)s "
            "of them; but it was never handled, and dormant malware is silent as well."
        ),
    }
    sentence = texts[state] % facts
    if state is DeviceState.VERIFIED_CLEAN and window.gaps:
        # A proof may rest on other days; what was not examined is named all the same.
        sentence += " " + _("Not looked at: %(days)s.") % {"days": days_text(window.gaps)}
    return sentence


def _infected(bad: InfectionSign) -> str:
    facts = {"indicator": plain(bad.indicator), "day": day_text(bad.day)}
    if bad.by_scan:
        return _("A scan found malware on %(day)s, and no handling since is known.") % facts
    return _("It met %(indicator)s on %(day)s, and no handling since is known.") % facts


def _reinfected_sentence(bad: InfectionSign, facts: Mapping[str, object]) -> str:
    all_facts = {**facts, "indicator": plain(bad.indicator), "again": day_text(bad.day)}
    if bad.by_scan:
        text = _(
            "Handled on %(day)s, and a scan found malware again on %(again)s (recurrence "
            "%(number)s)."
        )
    else:
        text = _(
            "Handled on %(day)s, and it met %(indicator)s again on %(again)s (recurrence "
            "%(number)s)."
        )
    return text % all_facts


def _unknown_sentence(history: DeviceHistory, facts: Mapping[str, object]) -> str:
    if history.contacts and history.untimed == history.contacts:
        return _("The records of its contacts have no time: what came after them is unknown.")
    if history.contacts and not history.bad:
        return _("Its contacts may be those of another device: it is not sure that it is meant.")
    if history.handled is None:
        return _("No contact of this device is known, so the log that would show one is unknown.")
    if not history.needs:
        return _(
            "Handled on %(day)s, but no log has ever shown it: no log can prove its silence."
        ) % (facts)
    return (
        _("Since its handling on %(day)s nothing was read that would show it (%(logs)s).") % facts
    )


def missing(
    state: DeviceState,
    history: DeviceHistory,
    window: DayWindow,
    thresholds: Thresholds,
    *,
    due: Sequence[str],
) -> Iterator[str]:
    """Yield what is missing for a better state, a sentence each; `due` are re-checks passed by."""
    if history.untimed and history.untimed < history.contacts:
        yield _("records of its contacts carry no time and may be later")
    if state is not DeviceState.VERIFIED_CLEAN:
        yield from _unhandled(history)
    if state not in (DeviceState.VERIFIED_CLEAN, DeviceState.INFECTED, DeviceState.RECURRED):
        # An open case needs hands: days of silence before them would prove nothing.
        yield from _open(history, window, thresholds)
    if history.handled is not None and state is not DeviceState.RECURRED:
        for day in due:
            yield _("the re-check of %(day)s is due: nothing was read since") % {
                "day": day_text(day)
            }


def _unhandled(history: DeviceHistory) -> Iterator[str]:
    if history.handled is None or history.after:
        yield _("it has not been handled since")
    for one in history.ahead:
        yield _("the handling of %(day)s lies ahead and does not count yet") % {
            "day": day_text(one.day)
        }


def _open(history: DeviceHistory, window: DayWindow, thresholds: Thresholds) -> Iterator[str]:
    unsure = history.doubts - history.untimed
    if unsure > 0:
        yield _("later contacts may be its own")
    if history.handled is not None and window.elapsed < thresholds.covered_days:
        facts = {"count": thresholds.covered_days - window.elapsed}
        yield _("%(count)s more whole days must pass") % facts
    if len(window.covered) < thresholds.covered_days:
        for lack in window.lacks:
            yield from _lacking(lack, thresholds)
    if window.elapsed and len(window.alive) < thresholds.alive_days:
        yield _not_alive(window, thresholds)


def _not_alive(window: DayWindow, thresholds: Thresholds) -> str:
    facts = {
        "covered": len(window.covered),
        "count": len(window.alive),
        "needed": thresholds.alive_days,
        "days": days_text(window.alive_only),
    }
    if window.alive_only:
        return _(
            "seen alive on %(count)s of the %(covered)s days covered, %(needed)s are needed; alive "
            "too %(days)s, where the logs are not whole and nothing counts"
        ) % (facts)
    return (
        _("seen alive on %(count)s of the %(covered)s days covered, %(needed)s are needed") % facts
    )


def _lacking(lack: CoverageGap, thresholds: Thresholds) -> Iterator[str]:
    log = log_word(lack.kind) + (f" ({plain(lack.unit)})" if lack.unit else "")
    if lack.absent:
        facts = {
            "log": log,
            "days": days_text(lack.absent),
            "count": max(0, min(len(lack.absent), thresholds.covered_days - lack.covered)),
            "needed": thresholds.covered_days,
        }
        if facts["count"]:
            yield _("no %(log)s %(days)s: %(count)s of %(needed)s days are missing") % facts
        else:
            yield _("no %(log)s %(days)s") % facts
    if lack.blind:
        yield _(
            "the %(log)s %(days)s proves nothing: it was in contact with a public DNS resolver "
            "over TLS or HTTPS, and no log shows what it asked there"
        ) % {"log": log, "days": days_text(lack.blind)}
    for day in lack.partial[:MOST_PARTIAL]:
        text = (
            _("the %(log)s of %(day)s is not whole: %(hours)s of %(usual)s usual hours")
            if day.usual
            else _("the %(log)s of %(day)s, a day off, holds too little to count")
        )
        yield text % {"log": log, "day": day_text(day.day), "hours": day.hours, "usual": day.usual}
    if len(lack.partial) > MOST_PARTIAL:
        facts = {"log": log, "count": len(lack.partial) - MOST_PARTIAL}
        yield _("the %(log)s of %(count)s more days is not whole") % facts


def word_text(word: SideSignal) -> str:
    """Return what a scan, a collection or a person says, in words."""
    texts = {
        (Signal.SCAN, True): _("scan found nothing"),
        (Signal.SCAN, False): _("scan found malware"),
        (Signal.COLLECTION, True): _("collection from the PC shows no contact"),
        (Signal.COLLECTION, False): _("collection from the PC shows a contact"),
        (Signal.DECLARED, True): _("declared clean"),
        (Signal.DECLARED, False): _("declared infected"),
    }
    parts = [texts[word.signal, word.clean]]
    if word.day:
        parts.append(days_text([word.day]))
    text = " ".join(parts)
    return f"{text}: {plain(word.detail)}" if word.detail else text
