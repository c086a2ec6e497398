"""A chief's card of trust: what was declared, and what a sample drawn by lot confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.rechecks.queries import SampleResult, results_of
from quetsach_portal.web.drawing.charts import joined, number, rect

WIDTH, HEIGHT, LINE = 320.0, 64.0, 34.0
_MARGIN = 14.0


@dataclass(frozen=True)
class TrustResult:
    """The last finished sample of one kind: with its picture, and the page of its draw."""

    result: SampleResult
    picture: SafeString | None
    opens: str

    @property
    def confirmed(self) -> int:
        """How many of those drawn were as declared."""
        return self.result.yes

    @property
    def checked(self) -> int:
        """How many of those drawn could be determined."""
        return self.result.yes + self.result.no


@dataclass(frozen=True)
class RoomTrust:
    """The card: `last` is empty where no sample is finished, `drawn` says that one is open."""

    last: Sequence[TrustResult]
    is_open: bool
    opens: str


def trust_of(node: CampaignNode) -> RoomTrust:
    """Return what the last finished samples of `node` confirmed. Cost: one query."""
    results = results_of(node)
    newest: dict[str, SampleResult] = {}
    for result in results:
        if result.is_over:
            newest.setdefault(result.draw.subject, result)
    shown = [
        TrustResult(result, _picture(result), reverse("rechecks:draw", args=[result.draw.pk]))
        for result in newest.values()
    ]
    is_open = any(result.is_open for result in results)
    return RoomTrust(shown, is_open, reverse("rechecks:unit", args=[node.pk]))


def _picture(result: SampleResult) -> SafeString | None:
    """Return the declared share as a ring and the confirmed one as a dot on its interval."""
    if result.percents is None:
        return None
    point, low, high = result.percents
    y = number(LINE)
    parts = [
        rect(_x(0), LINE - 1, _x(100) - _x(0), 2, tone="draw-floor"),
        rect(_x(low), LINE - 4, max(2.0, _x(high) - _x(low)), 8, tone="draw-part"),
        format_html('<circle class="trust-dot" cx="{}" cy="{}" r="7"/>', number(_x(point)), y),
        format_html(
            '<circle class="trust-ring" cx="{}" cy="{}" r="7"/>',
            number(_x(result.declared_percent)),
            y,
        ),
        _words(0, HEIGHT - 6, "0 %", "start"),
        _words(100, HEIGHT - 6, "100 %", "end"),
    ]
    label = _("declared %(said)s %%; re-checked %(point)s %%, between %(low)s and %(high)s %%") % {
        "said": result.declared_percent,
        "point": point,
        "low": low,
        "high": high,
    }
    return format_html(
        '<svg class="draw-trust" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        number(WIDTH),
        number(HEIGHT),
        label,
        joined(parts),
    )


def _x(percent: int) -> float:
    return _MARGIN + (WIDTH - 2 * _MARGIN) * max(0, min(100, percent)) / 100


def _words(percent: int, y: float, text: str, anchor: str) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        number(_x(percent)),
        number(y),
        anchor,
        text,
    )
