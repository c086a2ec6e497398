"""Words and tags for states, grades and days of cases."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from quetsach.api.findings import Tlp
from quetsach_portal.campaigns.deadlines import describe_time_left
from quetsach_portal.cases.case_page import tone_of
from quetsach_portal.cases.markings import REACHES, marking_text, marking_tone, stated_of
from quetsach_portal.cases.models.case import Case, CaseOutcome, CaseState, Finding
from quetsach_portal.cases.models.notice import NoticeOutcome
from quetsach_portal.cases.notices import TONES as NOTICE_TONES
from quetsach_portal.cases.notices import missing_text
from quetsach_portal.cases.reasons import CaseReasons
from quetsach_portal.web.templatetags.web import tag

register = template.Library()

WORDS: dict[str, dict[str, Any]] = {
    "state_word": dict(CaseState.choices),
    "outcome_word": dict(CaseOutcome.choices),
    "grade_word": {
        "certain": _lazy("certain"),
        "likely": _lazy("likely"),
        "ambiguous": _lazy("may be another machine"),
        "unknown": _lazy("not known"),
    },
    "sighting_word": {
        "mentioned": _lazy("only named in a line"),
        "asked": _lazy("queried it"),
        "answered": _lazy("queried it and got an answer"),
        "blocked": _lazy("tried, was blocked"),
        "connected": _lazy("connected"),
        "moved": _lazy("connected and exchanged data"),
    },
    "rule_word": {
        "exact": _lazy("exact match"),
        "below": _lazy("a name below it"),
        "cidr": _lazy("an address within the network"),
        "ip-port": _lazy("the same address and port"),
        "url-prefix": _lazy("a page below it"),
        "hash": _lazy("the same file"),
        "fingerprint": _lazy("the same TLS fingerprint"),
    },
    "step_word": {
        "direct": _lazy("seen directly"),
        "lease": _lazy("lease of the address (DHCP)"),
        "neighbour": _lazy("table of neighbours (ARP)"),
        "nat": _lazy("translation of the address (NAT)"),
        "proxy": _lazy("passed on by the proxy"),
        "inventory": _lazy("list of machines"),
        "identity": _lazy("by matching records"),
        "override": _lazy("decision of a person"),
    },
    "look_word": {
        "covered": _lazy("covered"),
        "partial": _lazy("partly covered"),
        "none": _lazy("not covered"),
    },
    "day_word": {
        "covered": _lazy("logs handed in"),
        "partial": _lazy("logs in part"),
        "none": _lazy("no logs"),
        "ahead": _lazy("to come"),
    },
    "log_word": {
        "dns": _lazy("name queries (DNS)"),
        "connection": _lazy("connections"),
        "web": _lazy("web requests"),
        "file": _lazy("transferred files"),
        "mail": _lazy("mail"),
        "host": _lazy("collection from the PC"),
        "text": _lazy("logs in an unknown format"),
    },
    "says_word": {
        "": _lazy("nothing yet"),
        "clean": _lazy("clean"),
        "not-clean": _lazy("not yet clean"),
        "verified": _lazy("checked, agrees"),
        "reopened": _lazy("does not agree, reopened"),
    },
}
"""By tag: each code in words; a code that is not there is shown as it is."""


def _words_tag(words: dict[str, Any]) -> Callable[[str], str]:
    return lambda code: str(words.get(code, code))


for name, words in WORDS.items():
    register.simple_tag(_words_tag(words), name=name)


@register.simple_tag
def case_tag(case: Case) -> SafeString:
    """Return the state of `case`, or how it ended where that is no proof."""
    if case.closed_at is not None and case.outcome != CaseOutcome.VERIFIED:
        return tag(CaseOutcome(case.outcome).label, "calm")
    return tag(CaseState(case.state).label, tone_of(case))


@register.simple_tag
def marking_tag(tlp: str | None) -> SafeString | str:
    """Return the marking of an indicator, nothing where it has none."""
    return tag(marking_text(tlp), marking_tone(tlp)) if tlp else ""


@register.simple_tag
def marking_reach(tlp: str) -> str:
    """Return to whom an indicator with this marking may be shown."""
    return str(REACHES[Tlp(tlp)] if tlp in REACHES else "")


@register.simple_tag
def stated_hint(finding: Finding) -> SafeString | str:
    """Return what the lists say of an indicator beside its name: family, confidence, validity."""
    stated = stated_of(finding)
    words = [*([stated.family] if stated.family else []), *stated.words]
    return format_html('<div class="hint">{}</div>', " · ".join(words)) if words else ""


@register.simple_tag
def due_tag(due_at: datetime | None) -> SafeString | str:
    """Return until when, as the last day that is in time, marked when it has passed."""
    if due_at is None:
        return "–"
    day = date_format(timezone.localtime(due_at - timedelta(microseconds=1)), "d/m/Y")
    if due_at > timezone.now():
        return str(day)
    return format_html("{} {}", day, tag(_("late"), "bad"))


_DID = {
    "mentioned": _lazy("A malicious address is named in a line about this machine"),
    "asked": _lazy("This machine asked for a malicious address"),
    "answered": _lazy("This machine asked for a malicious address and got an answer"),
    "blocked": _lazy("This machine tried to reach a malicious address and was blocked"),
    "connected": _lazy("This machine connected to a malicious address"),
    "moved": _lazy("This machine connected to a malicious address and exchanged data"),
}
"""What a machine did, by the strongest sighting."""


@register.simple_tag
def reason_sentence(why: CaseReasons) -> str:
    """Return what the machine did, how often and on how many days, as one sentence."""
    times = ngettext("%(times)s time", "%(times)s times", why.sightings)
    days = ngettext("on %(days)s day", "on %(days)s days", why.days) if why.days else ""
    often = f"{times} {days}".strip() % {"times": why.sightings, "days": why.days}
    return f"{_DID.get(why.best, _DID['asked'])}: {often}."


@register.simple_tag
def time_left(due_at: datetime) -> str:
    """Return how many days are left, or how many it is too late."""
    return describe_time_left(due_at, timezone.now())


@register.simple_tag
def notice_tag(outcome: str) -> SafeString:
    """Return how a notice ended."""
    end = NoticeOutcome(outcome)
    return tag(end.label, NOTICE_TONES[end])


@register.simple_tag
def missing_words(names: Sequence[str]) -> str:
    """Return which further logs would have helped."""
    return ", ".join(missing_text(names)) or "–"


@register.simple_tag
def missing_word(name: str) -> str:
    """Return a log that would have helped."""
    return missing_text([str(name)])[0]
