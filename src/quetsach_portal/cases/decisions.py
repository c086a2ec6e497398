"""What the lead office decided about indicators, in the form in which a sweep takes it."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from quetsach import api
from quetsach_portal.campaigns.models import CampaignNode
from quetsach_portal.cases.false_alarms import standing
from quetsach_portal.cases.models import FalseAlarm


def decisions_file(node: CampaignNode) -> Path | None:
    """Return the file of decisions that a sweep of `node` has to follow, None where there are none.

    Shapes: what `api.sweep_request(decisions=...)` reads; each indicator gets the class
    `watch-only`, so that it is told and nobody is blamed. The name carries the content's digest.
    """
    decisions = [_decision(one) for one in standing(node)]
    if not decisions:
        return None
    content = api.decision_lines(decisions)
    digest = hashlib.sha256(content).hexdigest()
    path = Path(settings.QUETSACH.home) / "cases" / "decisions" / f"{digest[:32]}.jsonl"
    if not path.exists():
        api.write_whole(path, content)
    return path


def _decision(alarm: FalseAlarm) -> api.Decision:
    assert alarm.holds_until is not None
    assert alarm.decided_at is not None
    return api.Decision(
        key=alarm.key,
        verdict=api.Verdict.WATCH,
        reason=alarm.reason,
        until=timezone.localtime(alarm.holds_until).isoformat(timespec="seconds"),
        decided=timezone.localtime(alarm.decided_at).isoformat(timespec="seconds"),
        by="lead office",
        classes=("false-alarm",),
    )
