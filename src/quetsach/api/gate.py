"""The gate of a list: what a person must know before it is looked for, and what a change brings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from quetsach.atomic_files import write_whole
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.allow.classes import class_text as class_text
from quetsach.indicators.allow.lists import allow_lists
from quetsach.indicators.check import AllowQuestion, CheckReport, check
from quetsach.indicators.check import reason_text as check_reason_text
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import read_lists, read_raw
from quetsach.indicators.releases.lines import ReleaseEntry, sort_entries
from quetsach.indicators.releases.release import Release, read_release, release_bytes
from quetsach.indicators.releases.updates import check_update, diff
from quetsach.texts import _, plain

MOST_QUESTIONS = 2000
MOST_ROWS = 50
MOST_CHANGES = 200
LONGEST = 200


def reason_text(reason: str) -> str:
    """Return why a row was refused, for people who have pages and no command line."""
    if reason in (RefusalReason.PRIVATE, RefusalReason.RESERVED):
        return _(
            "an address inside private networks, which is another machine in every office; "
            "ask the sender of the list for the public address"
        )
    return check_reason_text(reason)


def gate_report(lists: Sequence[Path], *, own: Sequence[Path] = ()) -> dict[str, Any]:
    """Return what `indicators check` knows of lists, as plain values of bounded size.

    Shapes: `refused` has for each reason its count and first rows; `questions` are the doubtful
    rows that nobody decided on, with classes, lists and the proposal, the first MOST_QUESTIONS of
    `questions_count`; `decided` counts those that a release brings a decision for. `own` are
    allow-lists of the office beside MISP's.
    Errors: E202 for a list that cannot be read.
    """
    indicators = read_lists(lists, ListOptions())
    report = check(indicators, allow_lists(own, usual=True))
    questions = [one for one in report.questions if one.asked and not one.indicator.decided]
    decided = sum(bool(one.decided) for one in indicators.indicators)
    return {
        "lists": [_list(one) for one in report.lists],
        "kinds": report.kinds,
        "count": len(indicators.indicators),
        "refused": list(_refused(report)),
        "questions": [_question(one) for one in questions[:MOST_QUESTIONS]],
        "questions_count": len(questions),
        "decided": decided,
        "contradictions": len(report.contradictions),
        "markings": report.markings,
    }


def _list(each: Any) -> dict[str, Any]:
    reading = each.reading
    return {
        "name": _shown(reading.list_name),
        "form": reading.form,
        "rows": reading.rows,
        "taken": reading.taken,
        "refused": reading.refused,
    }


def _refused(report: CheckReport) -> Iterator[dict[str, Any]]:
    rows: dict[str, list[list[Any]]] = {}
    counts: dict[str, int] = {}
    for each in report.lists:
        for refusal in each.refusals:
            reason = str(refusal.reason)
            counts[reason] = counts.get(reason, 0) + 1
            origin = refusal.origin
            place = [_shown(origin.list_name), origin.row, _shown(refusal.value or origin.text)]
            if len(rows.setdefault(reason, [])) < MOST_ROWS:
                rows[reason].append(place)
    for reason in sorted(counts, key=lambda one: (-counts[one], one)):
        yield {"reason": reason, "count": counts[reason], "rows": rows[reason]}


def _question(each: AllowQuestion) -> dict[str, Any]:
    indicator = each.indicator
    origin = indicator.origins[0] if indicator.origins else None
    return {
        "key": indicator.key,
        "shown": _shown(indicator.shown),
        "kind": indicator.kind.value,
        "classes": sorted({on.of_class for on in each.meetings}),
        "lists": [_shown(name) for name in islice(dict.fromkeys(_names(each)), 3)],
        "list": _shown(origin.list_name) if origin else "",
        "row": origin.row if origin else 0,
        "proposal": each.proposal.value,
    }


def _names(each: AllowQuestion) -> Iterator[str]:
    # The strongest stand first; the very lists that hold it say more than those that touch it.
    return (on.list_name for on in each.meetings)


def _shown(text: str) -> str:
    return plain(text)[:LONGEST]


@dataclass(frozen=True)
class ListChanges:
    """What one release has that another had not.

    Shapes: `fresh` are keys to be looked for anew, added or changed in what they meet; `gone` those
    that are no longer looked for, or only watched; `counts` and `shown` are for people, by the kind
    of change; `shrunken` is the code E221 to E223 where too much is gone, with its facts.
    """

    before: int
    after: int
    fresh: tuple[str, ...]
    gone: tuple[str, ...]
    counts: Mapping[str, int]
    shown: Sequence[tuple[str, str]]
    shrunken: str = ""
    facts: Mapping[str, Any] | None = None


def release_changes(before: Path | None, after: Path, fresh_out: Path) -> ListChanges:
    """Return what changes from the release `before` (None: nothing) to the release `after`.

    What is to be looked for anew is written to `fresh_out` as a release of its own, unless it is
    nothing. Errors: E220 for a release that is not sound; E406 for `fresh_out`.
    """
    old = None if before is None else read_release(read_raw(before), str(before))
    new = read_release(read_raw(after), str(after))
    blamed = {_place(one): one for one in blaming_entries(() if old is None else old.entries)}
    blaming = {_place(one): one for one in blaming_entries(new.entries)}
    fresh = [
        one
        for place, one in blaming.items()
        if matched_facts(one) != matched_facts(blamed.get(place))
    ]
    gone = sorted(
        {place[0] for place, one in blamed.items() if _lost_its_word(one, blaming.get(place))}
    )
    if fresh:
        entries = sort_entries(fresh)
        part = Release(created=new.created, entries=entries, title=new.title, campaign=new.campaign)
        write_whole(fresh_out, release_bytes(part))
    difference = diff(() if old is None else old.entries, new.entries)
    shrunken, facts = _shrunken(old, new)
    return ListChanges(
        before=difference.before,
        after=difference.after,
        fresh=tuple(sorted({one.indicator.key for one in fresh})),
        gone=tuple(gone),
        counts=difference.counts,
        shown=tuple(
            (str(one.change), _shown(one.key)) for one in difference.changes[:MOST_CHANGES]
        ),
        shrunken=shrunken,
        facts=facts,
    )


def _place(entry: ReleaseEntry) -> tuple[str, str]:
    return entry.indicator.key, entry.indicator.kind.value


def blaming_entries(entries: Iterable[ReleaseEntry]) -> Iterator[ReleaseEntry]:
    """Yield what is looked for and may accuse: neither dropped, withdrawn nor only watched."""
    for release_entry in entries:
        if (
            not release_entry.dropped
            and release_entry.indicator.is_met
            and release_entry.indicator.decided != "watch"
        ):
            yield release_entry


def _lost_its_word(before: ReleaseEntry, after: ReleaseEntry | None) -> bool:
    """Return whether it is not looked for any more, or no longer kept by a person's decision."""
    was_kept = before.indicator.decided == "keep"
    return after is None or (was_kept and after.indicator.decided != "keep")


def matched_facts(release_entry: ReleaseEntry | None) -> tuple[Any, ...] | None:
    """Return what of an entry decides whom it accuses, and when."""
    if release_entry is None:
        return None
    indicator, claim = release_entry.indicator, release_entry.indicator.claim
    return (
        *(indicator.rule, indicator.port, indicator.decided, indicator.allow_classes),
        *(claim.valid_from_us, claim.valid_until_us),
    )


def _shrunken(old: Release | None, new: Release) -> tuple[str, Mapping[str, Any] | None]:
    if old is None:
        return "", None
    try:
        check_update(old, new)
    except QuetsachError as error:
        return error.problem.code, dict(error.problem.facts)
    return "", None


def set_of(release: Path) -> IndicatorSet:
    """Return the indicators of a release. Errors: E220."""
    return read_release(read_raw(release), str(release)).indicator_set
