"""The page of a case and its handling sheet in words, with the strip of covered days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from quetsach.api import sheets
from quetsach_portal.cases.history import event_text
from quetsach_portal.cases.judging import did_remove
from quetsach_portal.cases.models.case import (
    Case,
    CaseContact,
    CaseEvent,
    CaseOutcome,
    CaseState,
    Device,
    Handling,
)
from quetsach_portal.cases.models.coverage import CoveredDay
from quetsach_portal.cases.proof import ProofState, proof_of
from quetsach_portal.cases.queries import TONES, CasePage
from quetsach_portal.cases.reasons import CaseReasons, reasons_of
from quetsach_portal.cases.steps import CaseStep, open_step, steps_of
from quetsach_portal.cases.whereabouts import Whereabouts, whereabouts_of
from quetsach_portal.cases.worklist import recheck_days
from quetsach_public.qr import qr_svg

SHARE = 0.75
MOST_DAYS = 42
STEP, SIZE = 30, 26


@dataclass(frozen=True)
class StripDay:
    """A day of one kind of evidence.

    Shapes: `look` is covered, partial or none; `x` is where it stands in the picture.
    """

    day: date
    look: str
    alive: bool
    x: int

    @property
    def middle(self) -> int:
        """The place of its middle in the picture."""
        return self.x + SIZE // 2


@dataclass(frozen=True)
class StripRow:
    """One kind of evidence over all days."""

    kind: str
    days: Sequence[StripDay]


@dataclass(frozen=True)
class EvidenceStrip:
    """The picture: a row for each kind of evidence that showed the device, and the days it met."""

    rows: Sequence[StripRow]
    days: Sequence[date]
    met: frozenset[date]
    width: int

    @property
    def last(self) -> date:
        """The last day of the picture."""
        return self.days[-1]

    def lines(self) -> list[tuple[date, list[tuple[str, StripDay]], bool]]:
        """Return the same as a table: each day with its kinds, and whether it met something."""
        return [
            (day, [(row.kind, row.days[place]) for row in self.rows], day in self.met)
            for place, day in enumerate(self.days)
        ]


def strip_of(case: Case, members: Sequence[Device]) -> EvidenceStrip | None:
    """Return the strip of the days after the last handling, or sighting, to yesterday, or None.

    They are the days that the verdict counts: that of the handling is no whole day.
    Cost: three queries.
    """
    devices = [case.device, *members]
    rows = CaseContact.objects.filter(
        finding__device__in=devices, finding__set_aside__isnull=True, finding__withdrawn=False
    )
    contacts = list(rows.values_list("unit", "kind", "day").distinct())
    met = {date.fromisoformat(day) for _unit, _kind, day in contacts if day}
    handled = _last_handling(case, members)
    if handled is None and not met:
        return None
    days = _days(max(met) if handled is None else handled)
    if not days:
        return None
    covered_days = _known(case, days)
    keys = {device.engine_key for device in devices}
    kinds = sorted({kind for _unit, kind, _day in contacts})
    units = {unit for unit, _kind, _day in contacts}
    return EvidenceStrip(
        rows=[StripRow(kind, _row(kind, days, covered_days, units, keys)) for kind in kinds],
        days=days,
        met=frozenset(met & set(days)),
        width=len(days) * STEP,
    )


def _last_handling(case: Case, members: Sequence[Device]) -> date | None:
    devices = [case.device, *members]
    rows = Handling.objects.filter(case__device__in=devices, withdrawn_at__isnull=True)
    times = [handling.at for handling in rows if did_remove(handling)]
    return timezone.localtime(max(times)).date() if times else None


def _days(start: date) -> list[date]:
    end = timezone.localdate() - timedelta(days=1)
    first = max(start + timedelta(days=1), end - timedelta(days=MOST_DAYS - 1))
    return [first + timedelta(days=number) for number in range((end - first).days + 1)]


def _known(case: Case, days: Sequence[date]) -> dict[tuple[str, str], list[CoveredDay]]:
    rows = CoveredDay.objects.filter(
        node_id=case.node_id, day__gte=days[0].isoformat(), day__lte=days[-1].isoformat()
    )
    covered: dict[tuple[str, str], list[CoveredDay]] = {}
    for row in rows:
        covered.setdefault((row.kind, row.day), []).append(row)
    return covered


def _row(
    kind: str,
    days: Sequence[date],
    covered_days: dict[tuple[str, str], list[CoveredDay]],
    units: set[str],
    keys: set[str],
) -> list[StripDay]:
    cells = []
    for place, day in enumerate(days):
        rows = [row for row in covered_days.get((kind, day.isoformat()), ()) if row.unit in units]
        alive = any(keys & set(row.alive) for row in rows)
        look = _look(rows, units)
        if look == "covered" and any(keys & set(row.unseen) for row in rows):
            look = "partial"  # Its questions may have gone past these logs.
        cells.append(StripDay(day, look, alive, place * STEP))
    return cells


def _look(rows: Sequence[CoveredDay], units: set[str]) -> str:
    if not any(row.lines for row in rows):
        return "none"
    whole = {row.unit for row in rows if _is_covered(row)}
    return "covered" if whole == units else "partial"


def _is_covered(row: CoveredDay) -> bool:
    usual = set(row.usual)
    good = (set(row.hours) - set(row.thin)) & usual
    return bool(usual) and len(good) >= SHARE * len(usual)


def sheet_pdf(page: CasePage) -> bytes:
    """Return the sheet as PDF, its code leading to the case. Errors: QuetsachError E405."""
    return sheets.card(device_values(page), case_url=case_url(page.case), language=_language())


def case_url(case: Case) -> str:
    """Return the address that the code on paper leads to; it names no device."""
    return f"{settings.QUETSACH.public_url}{reverse('cases:show', args=[case.pk])}"


def case_code(case: Case) -> SafeString:
    """Return the QR code that leads to the case, as an SVG element."""
    return mark_safe(qr_svg(case_url(case)))  # noqa: S308 - squares drawn here, without any text


def device_values(page: CasePage) -> dict[str, Any]:
    """Return the device as a findings folder tells one, from what the case knows."""
    device = page.case.device
    findings = [finding for finding in page.findings if finding.counts]
    first = min((row.first_seen for row in findings if row.first_seen), default=None)
    last = max((row.last_seen for row in findings if row.last_seen), default=None)
    return {
        "device": device.key,
        "host_name": device.label or device.host_name or None,
        "mac": device.mac or None,
        "addresses": list(device.addresses),
        "grade": device.grade,
        "rivals": list(device.rivals),
        "place": {"unit_name": page.case.node.name_at_freeze, "room": device.place or None},
        "sightings": sum(row.sightings for row in findings),
        "first_seen": None if first is None else timezone.localtime(first).isoformat(),
        "last_seen": None if last is None else timezone.localtime(last).isoformat(),
        "samples": [],
        "findings": [
            {
                "indicator": row.shown,
                "label": row.label,
                "best_grade": row.best_grade,
                "tlp": row.tlp or None,
            }
            for row in findings
        ],
    }


@dataclass(frozen=True)
class CaseView:
    """What the page says of a case beside its rows."""

    case: Case
    because: str
    missing: Sequence[str]
    signals: Sequence[str]
    tone: str
    late: bool
    known_as: Sequence[str]
    to_hand_in: str
    where: Whereabouts
    why: CaseReasons
    steps: Sequence[CaseStep]
    proof: ProofState
    strip: EvidenceStrip | None
    rechecks: Sequence[tuple[date, bool]]
    events: Sequence[tuple[CaseEvent, str]]
    rests_on_nothing: bool

    @property
    def next_step(self) -> CaseStep | None:
        """The step that is to be done now."""
        return open_step(self.steps)

    @property
    def can_be_worked(self) -> bool:
        """False where nothing is left to be done: no machine of ours, or no malware after all."""
        return self.case.outcome not in _NO_WORK


_NO_WORK = (CaseOutcome.MERGED, CaseOutcome.FALSE_ALARM, CaseOutcome.WITHDRAWN)


def describe_case(page: CasePage) -> CaseView:
    """Return `page` in words. Cost: three queries for the strip, five for the rest."""
    case = page.case
    sentences = case_sentences(case)
    today = timezone.localdate()
    strip = strip_of(case, page.members)
    looks = (
        []
        if strip is None
        else [[(cell.day, cell.look) for cell in row.days] for row in strip.rows]
    )
    return CaseView(
        case=case,
        because=str(sentences.get("because", "")),
        missing=_texts(sentences.get("missing")),
        signals=_texts(sentences.get("signals")),
        tone=tone_of(case),
        late=bool(case.closed_at is None and case.due_at and case.due_at <= timezone.now()),
        known_as=names_of_device(case.device),
        to_hand_in=str(sentences.get("to_hand_in", "")) if case.closed_at is None else "",
        where=whereabouts_of(case),
        why=reasons_of(page.findings, [case.device, *page.members]),
        steps=steps_of(case, page.handlings, page.events),
        proof=proof_of(case, _last_handling(case, page.members), looks),
        strip=strip,
        rechecks=[(day, day <= today) for day in recheck_days(case)],
        events=[(event, event_text(event)) for event in page.events],
        rests_on_nothing=any(event.kind == "evidence_gone" for event in page.events)
        and not any(finding.sightings for finding in page.findings),
    )


def names_of_device(device: Device) -> list[str]:
    """Return the names by which logs and tables know `device`, each once."""
    return list(dict.fromkeys(filter(None, (device.key, device.host_name, device.mac))))


def case_sentences(case: Case) -> dict[str, object]:
    """Return the sentences about `case` in the language of the page."""
    sentences = case.said.get(_language()) if isinstance(case.said, dict) else None
    return sentences if isinstance(sentences, dict) else {}


def _language() -> Literal["vi", "en"]:
    return "en" if (translation.get_language() or "vi").startswith("en") else "vi"


def tone_of(case: Case) -> str:
    """Return the colour of the state; an end that is no proof is calm."""
    if case.outcome in (
        CaseOutcome.ACCEPTED_RISK,
        CaseOutcome.FALSE_ALARM,
        CaseOutcome.MERGED,
        CaseOutcome.WITHDRAWN,
    ):
        return "calm"
    return TONES.get(CaseState(case.state), "calm")


def _texts(sentences: object) -> list[str]:
    return list(map(str, sentences)) if isinstance(sentences, list) else []
