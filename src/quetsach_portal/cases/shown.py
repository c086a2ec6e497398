"""A case as its page shows it: words, tones and links, in the language of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone, translation

from quetsach_portal.cases.checklist import STEPS
from quetsach_portal.cases.models import Case, CaseEvent, CaseState, Device, Outcome
from quetsach_portal.cases.queries import TONES, CasePage
from quetsach_portal.cases.strip import Strip, strip_of
from quetsach_portal.cases.today_lists import recheck_days
from quetsach_portal.cases.told_events import event_text


@dataclass(frozen=True)
class Step:
    """A step of the checklist and whether it is done."""

    code: str
    title: str
    hint: str
    done: bool


@dataclass(frozen=True)
class ShownCase:
    """What the page says of a case beside its rows."""

    case: Case
    because: str
    missing: Sequence[str]
    signals: Sequence[str]
    tone: str
    late: bool
    known_as: Sequence[str]
    to_hand_in: str
    steps: Sequence[Step]
    strip: Strip | None
    rechecks: Sequence[tuple[date, bool]]
    events: Sequence[tuple[CaseEvent, str]]


def shown_case(page: CasePage) -> ShownCase:
    """Return `page` in words. Cost: the queries of the strip."""
    case = page.case
    said = said_of(case)
    today = timezone.localdate()
    return ShownCase(
        case=case,
        because=str(said.get("because", "")),
        missing=_texts(said.get("missing")),
        signals=_texts(said.get("signals")),
        tone=tone_of(case),
        late=bool(case.closed_at is None and case.due_at and case.due_at <= timezone.now()),
        known_as=known_as(case.device),
        to_hand_in=str(said.get("to_hand_in", "")) if case.closed_at is None else "",
        steps=[
            Step(code, str(title), str(hint), code in case.checklist) for code, title, hint in STEPS
        ],
        strip=strip_of(case, page.members),
        rechecks=[(day, day <= today) for day in recheck_days(case)],
        events=[(one, event_text(one)) for one in page.events],
    )


def known_as(device: Device) -> list[str]:
    """Return the names by which logs and tables know `device`, each once."""
    return list(dict.fromkeys(filter(None, (device.key, device.host_name, device.mac))))


def said_of(case: Case) -> dict[str, object]:
    """Return the sentences about `case` in the language of the page."""
    language = "en" if (translation.get_language() or "vi").startswith("en") else "vi"
    said = case.said.get(language) if isinstance(case.said, dict) else None
    return said if isinstance(said, dict) else {}


def tone_of(case: Case) -> str:
    """Return the colour of the state; an end that is no proof is calm."""
    if case.outcome in (Outcome.ACCEPTED_RISK, Outcome.FALSE_ALARM, Outcome.MERGED):
        return "calm"
    return TONES.get(CaseState(case.state), "calm")


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
