"""The state of cases, by the engine: computed from evidence and work, never chosen by anybody."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from django.utils import timezone

from quetsach import api
from quetsach_portal.audit.record import record
from quetsach_portal.cases import history
from quetsach_portal.cases.ground import IT, Ground, coverage_for, ground_of
from quetsach_portal.cases.models import Case, CaseState, Device, Outcome, Rule
from quetsach_portal.people.models import User

LANGUAGES: tuple[Literal["vi", "en"], ...] = ("vi", "en")

Row = TypeVar("Row")


@dataclass(frozen=True)
class Judged:
    """The verdict on one machine in each language, and what there was to judge."""

    verdict: api.DeviceVerdict
    said: dict[str, dict[str, object]]
    contacts: int
    aside: int


def judge_cases(
    cases: Sequence[Case],
    *,
    actor: User | None = None,
    as_of: date | None = None,
    reopens: str = "sighting",
) -> list[Case]:
    """Judge `cases` of one node anew; return those whose state or outcome changed.

    `reopens` says what happened, for the history of a case that opens again by it.
    The caller holds the transaction and the locks of the cases, and has written what it did.
    Cost: six queries for the node, and three writes for each case that changed.
    """
    if not cases:
        return []
    node = cases[0].node
    day = timezone.localdate() if as_of is None else as_of
    ground = ground_of(node.pk, {one.device_id for one in cases})
    rule = history.rule_of(node.campaign_id)
    changed = []
    for case in cases:
        if case.outcome != Outcome.MERGED:
            judged = _judged(ground, case.device_id, rule, day)
            if _settle(case, judged, actor=actor, day=day, reopens=reopens):
                changed.append(case)
    return changed


def locked_cases(node_id: int, roots: Collection[int] | None = None) -> list[Case]:
    """Return the newest case of each device of a node, locked in the one order that all use."""
    rows = Case.objects.filter(node_id=node_id).select_for_update(of=("self",))
    if roots is not None:
        rows = rows.filter(device_id__in=roots)
    newest = {one.device_id: one for one in rows.select_related("node__unit").order_by("pk")}
    return list(newest.values())


def root_of(device: Device) -> int:
    """Return the id of the device that stands for `device`."""
    return device.merged_into_id or device.pk


def _judged(ground: Ground, root: int, rule: Rule, day: date) -> Judged:
    contacts = _of(ground, root, ground.contacts)
    needs = {(one.unit, one.kind) for one in contacts}
    coverage = coverage_for(ground, root, needs)
    limits = api.Thresholds(covered_days=rule.covered_days, alive_days=rule.alive_days)
    handlings, words = _of(ground, root, ground.handlings), _of(ground, root, ground.words)
    verdicts = {}
    for language in LANGUAGES:
        with api.in_language(language):
            verdicts[language] = api.judge(
                IT, contacts, handlings, words, coverage, limits, day.isoformat()
            )
    return Judged(
        verdict=verdicts["vi"],
        said={
            language: {
                "because": one.because,
                "missing": list(one.missing)[:20],
                "signals": list(one.signals)[:20],
                "to_hand_in": _to_hand_in(one, limits, language),
            }
            for language, one in verdicts.items()
        },
        contacts=len(contacts),
        aside=sum(ground.aside.get(one.pk, 0) for one in ground.members.get(root, ())),
    )


def _to_hand_in(
    verdict: api.DeviceVerdict, limits: api.Thresholds, language: Literal["vi", "en"]
) -> str:
    """Return the days of which logs would bring the case on, in words; "" where none would."""
    if verdict.state not in (api.State.HANDLED, api.State.QUIET_NOT_PROVEN, api.State.CANNOT_TELL):
        return ""
    if len(verdict.covered) >= limits.covered_days:
        return ""
    with api.in_language(language):
        return api.days_text(verdict.gaps)


def _of(ground: Ground, root: int, by_device: dict[int, list[Row]]) -> list[Row]:
    members: Iterable[Device] = ground.members.get(root, ())
    return [row for one in members for row in by_device.get(one.pk, ())]


def _settle(case: Case, judged: Judged, *, actor: User | None, day: date, reopens: str) -> bool:
    before = history.counted(case)
    was = (case.state, case.outcome, case.recurrences)
    verdict = judged.verdict
    case.state = CaseState(verdict.state.value)
    case.said = judged.said
    case.since_day, case.judged_on = verdict.since_day, day
    case.covered_days, case.alive_days = len(verdict.covered), len(verdict.alive)
    case.recurrences, case.recheck = verdict.recurrences, list(verdict.recheck)
    _end_or_reopen(case, judged, day=day, reopens=reopens)
    if case.recurrences > was[2]:
        history.note(case, "recurred", by=None, detail={"number": case.recurrences})
    changed = (case.state, case.outcome, case.recurrences) != was
    if case.state != was[0]:
        case.version += 1
        history.note(case, "judged", by=None, detail={"from": was[0], "to": case.state})
    case.save()
    if changed:
        record(
            "case.judged",
            actor=actor,
            kind="case",
            object_id=case.pk,
            unit_path=case.node.unit.path,
            detail={"state": [was[0], case.state], "outcome": [was[1], case.outcome]},
        )
        history.move_counters(case, before)
    return changed


def _end_or_reopen(case: Case, judged: Judged, *, day: date, reopens: str) -> None:
    only_false = judged.aside > 0 and judged.contacts == 0
    if case.closed_at is None:
        if only_false:
            history.close(case, Outcome.FALSE_ALARM, by=None)
        elif case.state == CaseState.VERIFIED and not case.held:
            history.close(case, Outcome.VERIFIED, by=None)
    elif case.outcome == Outcome.VERIFIED and case.state != CaseState.VERIFIED:
        again = case.state in (CaseState.RECURRED, CaseState.INFECTED)
        history.reopen(case, reopens if again else "proof", by=None)
    elif case.outcome == Outcome.FALSE_ALARM and not only_false and judged.contacts:
        history.reopen(case, reopens, by=None)
    elif case.outcome == Outcome.ACCEPTED_RISK and case.review_on and case.review_on <= day:
        history.reopen(case, "review", by=None)
