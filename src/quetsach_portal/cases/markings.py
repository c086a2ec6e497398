"""What lists say of an indicator beside its value, and who may read its name.

A case is shown to its own unit, which holds up to TLP:AMBER+STRICT; nothing here is TLP:RED, as
such findings are refused at the door. What leaves the unit (proposals to the lead office, the audit
trail) goes to the tree of the campaign, which by the same table holds up to TLP:AMBER.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case as Ordered
from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.findings import Audience, Tlp, is_allowed, withheld_text
from quetsach_portal.cases.models.case import Case, FalseAlarm, Finding

MARKINGS = [(tlp.value, f"TLP:{tlp.upper()}") for tlp in Tlp if tlp is not Tlp.RED]
"""Each marking that a finding of the portal can have, from the widest to the strictest."""

REACHES = {
    Tlp.CLEAR: _lazy("It may be shown to everybody."),
    Tlp.GREEN: _lazy("It may be shown within the community of those who defend networks."),
    Tlp.AMBER: _lazy("It may be shown to your unit and those that work with it in the campaign."),
    Tlp.AMBER_STRICT: _lazy("It may be shown within your unit alone: do not pass it on."),
}
"""By marking: to whom it may be shown, as a sentence."""

_TONES = {Tlp.AMBER: "warn", Tlp.AMBER_STRICT: "bad"}
_WINDOWS = {
    ("after",): _lazy("some contacts after its validity had ended"),
    ("before",): _lazy("some contacts before it was valid"),
    ("after", "before"): _lazy("some contacts before and some after its validity"),
}


@dataclass(frozen=True)
class StatedOfFinding:
    """What a page shows of an indicator beside its value.

    `family` is "" where it is the word that stands in the list anyway.
    """

    family: str
    words: Sequence[str]


def stated_of(finding: Finding) -> StatedOfFinding:
    """Return what the lists say of the indicator of `finding`."""
    words = []
    if finding.confidence is not None:
        then = finding.confidence_then
        text = _("confidence %(stated)s")
        if then not in (None, finding.confidence):
            text = _("confidence %(stated)s, at the time of the contact %(then)s")
        words.append(text % {"stated": finding.confidence, "then": then})
    if finding.status == "expired":
        words.append(_("expired by its list"))
    if sides := _WINDOWS.get(tuple(finding.window)):
        words.append(str(sides))
    return StatedOfFinding(
        family=finding.family if finding.family != finding.label else "",
        words=words,
    )


def marking_text(tlp: str) -> str:
    """Return a marking as it is written on paper, "" where there is none."""
    return f"TLP:{tlp.upper()}" if tlp else ""


def marking_tone(tlp: str) -> str:
    """Return the colour of a marking."""
    return _TONES.get(Tlp(tlp), "calm") if tlp else "calm"


def is_for_unit_alone(tlp: str) -> bool:
    """Return whether what is marked so stays in the unit that the list was given to."""
    return bool(tlp) and not is_allowed(Tlp(tlp), Audience.CLIENTS)


def stays_in_unit() -> Q:
    """Return the condition on a finding, or a proposal, that is for its unit alone."""
    return Q(tlp__in=[tlp for tlp, _text in MARKINGS if is_for_unit_alone(tlp)])


def withheld() -> str:
    """Return the words in place of one indicator, in the language of the request."""
    return withheld_text(1)


def as_seen_above(alarm: FalseAlarm, own_units: frozenset[int]) -> FalseAlarm:
    """Return a proposal as who decides on it may see it; the row itself is not changed.

    What stays in the unit is named to its own people alone, and in no remark of theirs either.
    """
    if not is_for_unit_alone(alarm.tlp) or alarm.case.node.unit_id in own_units:
        return alarm
    named, words = sorted({alarm.shown, alarm.key}, key=len, reverse=True), withheld()
    for text in named:
        alarm.reason = alarm.reason.replace(text, words)
        alarm.answer = alarm.answer.replace(text, words)
    alarm.key = alarm.shown = words
    return alarm


def with_marking(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return `cases` with `marking`, the strictest of what their devices met."""
    levels = [When(tlp=tlp, then=Value(level)) for level, (tlp, _text) in enumerate(MARKINGS)]
    findings = Finding.objects.filter(device=OuterRef("device")).exclude(tlp="")
    by_level = findings.annotate(level=Ordered(*levels, output_field=IntegerField()))
    return cases.annotate(marking=Subquery(by_level.order_by("-level").values("tlp")[:1]))


def met_marked(cases: QuerySet[Case], tlp: str) -> QuerySet[Case]:
    """Return those of `cases` whose devices, joined ones included, met an indicator marked so."""
    met = Finding.objects.filter(tlp=tlp)
    return cases.filter(
        Q(device__in=met.values("device")) | Q(device__in=met.values("device__merged_into"))
    )
