"""What stands behind a report: what was looked at, why no more, and who is in it at any depth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from quetsach.api.reports import LookedStatement
from quetsach_portal.campaigns.models.campaign import (
    ExpectedReport,
    ExpectedReportState,
    ReportCounter,
)
from quetsach_portal.looks.figures import LookFigures, look_of_node, looked_words, own_look
from quetsach_portal.people.roles.scope import below
from quetsach_portal.reports.models.looked import GapReason as GapReason
from quetsach_portal.reports.models.looked import ReportLook
from quetsach_portal.reports.models.report import InputUsed, ReportInput, ReportVersion
from quetsach_portal.reports.totals.adding import ChildVersion
from quetsach_portal.web.acts import Refused


@dataclass(frozen=True)
class LookAnswer:
    """Why not all was looked at, as a person says it; `code` is a GapReason, "" for no answer."""

    code: str = ""
    text: str = ""


@dataclass(frozen=True)
class LookAsked:
    """What the page that submits a report says and asks of looks.

    Shapes: `question` is "" where all was looked at; `below` says how many reports are in it.
    """

    look: LookFigures
    question: str
    received: int
    expected: int
    missing: Sequence[str]

    @property
    def words(self) -> str:
        """What was looked at."""
        return looked_words(self.look)


def look_asked(slot: ExpectedReport, children: Sequence[ChildVersion]) -> LookAsked:
    """Return what is said and asked of looks where the report of `slot` is submitted."""
    look = look_of_node(slot.node)
    own = look if look.days is not None else own_look(slot.node)
    statement = below_of_report(slot, children)
    return LookAsked(
        look=look,
        question=_question(own),
        received=statement.received,
        expected=statement.expected,
        missing=statement.missing,
    )


def _question(own: LookFigures) -> str:
    """Return the question for why no more was looked at, "" where nothing is left."""
    if own.is_whole:
        return ""
    if own.is_nothing:
        return _("Nothing was checked. Why?")
    gaps = []
    if own.machines_left:
        gaps.append(_("%(count)s machines") % {"count": own.machines_left})
    # Who has no logs has said why already, and the report prints it.
    if own.days_left and not own.has_no_logs:
        gaps.append(_("%(count)s days") % {"count": own.days_left})
    if own.machines is None and not gaps:
        return _("How many machines the unit has is not stated. Why?")
    if own.machines is None:
        text = _("How many machines the unit has is not stated, and not checked: %(left)s. Why?")
        return text % {"left": ", ".join(gaps)}
    if not gaps:
        return ""
    return _("Not checked: %(left)s. Why?") % {"left": ", ".join(gaps)}


def checked_answer(slot: ExpectedReport, answer: LookAnswer) -> LookAnswer:
    """Return the answer that goes into the report of `slot`.

    Errors: Refused where not all was looked at and nobody says why.
    """
    question = _question(own_look(slot.node))
    if not question:
        return LookAnswer()
    if answer.code not in GapReason.values:
        raise Refused(question, field="gap")
    text = " ".join(answer.text.split())[:500]
    if answer.code == GapReason.OTHER and not text:
        raise Refused(_("Say the other reason in a sentence."), field="gap_text")
    return LookAnswer(answer.code, text)


def statement_of(
    slot: ExpectedReport, children: Sequence[ChildVersion], answer: LookAnswer
) -> LookedStatement:
    """Return what the version of `slot` keeps and prints: in Vietnamese, as all of its paper."""
    with translation.override("vi"):
        words = looked_words(look_of_node(slot.node))
        reason = "" if not answer.code else str(GapReason(answer.code).label)
    if answer.code == GapReason.OTHER:
        reason = answer.text
    elif answer.text:
        reason = f"{reason} ({answer.text})"
    counted = below_of_report(slot, children)
    return LookedStatement(
        words=words,
        reason_code=answer.code,
        reason=reason,
        received=counted.received,
        expected=counted.expected,
        missing=counted.missing,
    )


def keep(version: ReportVersion, statement: LookedStatement) -> ReportLook:
    """Keep beside the new version what stands behind it, for pages and the totals above."""
    look = look_of_node(version.slot.node)
    return ReportLook.objects.create(
        version=version,
        words=statement.words,
        reason_code=statement.reason_code,
        reason=statement.reason,
        received=statement.received,
        expected=statement.expected,
        missing=list(statement.missing),
        seen=look.seen,
        part=look.part,
        machines=look.machines,
        days=look.days,
        of_days=look.of_days,
    )


def below_of_report(slot: ExpectedReport, children: Sequence[ChildVersion]) -> LookedStatement:
    """Return how many reports below `slot`, at any depth, are in a total, and who is not.

    A child that is not counted takes all below it along. Cost: four queries, some more where a
    child's version was made before this was kept.
    """
    if not children:
        return LookedStatement("")
    counted = [child for child in children if child.is_counted and child.version is not None]
    looks = _looks_of([child.version for child in counted if child.version is not None])
    left = [child for child in children if not child.is_counted]
    received = sum(1 + looks[child.slot.pk].received for child in counted)
    expected = _expected_below(slot)
    missing = [name for child in left for name in _names_at(child.slot)]
    missing += [name for child in counted for name in looks[child.slot.pk].missing]
    return LookedStatement(
        "", received=received, expected=max(expected, received), missing=tuple(missing)
    )


def _expected_below(slot: ExpectedReport) -> int:
    counter = ReportCounter.objects.filter(node=slot.node_id, phase=slot.phase_id).first()
    own = slot.state != ExpectedReportState.EXCUSED
    return 0 if counter is None else max(0, counter.expected - int(own))


def _names_at(slot: ExpectedReport) -> Iterator[str]:
    """Yield the unit of `slot` and all that report below it, the highest first."""
    rows = ExpectedReport.objects.filter(below(slot.node.path, "node__"), phase=slot.phase_id)
    rows = rows.exclude(state=ExpectedReportState.EXCUSED).order_by("node__depth", "node__path")
    yield from rows.values_list("node__name_at_freeze", flat=True)


def _looks_of(versions: Sequence[ReportVersion]) -> Mapping[int, LookedStatement]:
    """Return by slot what each version keeps of those below it."""
    kept = {one.version_id: one for one in ReportLook.objects.filter(version__in=versions)}
    return {
        version.slot_id: _kept_statement(kept[version.pk])
        if version.pk in kept
        else _older_statement(version)
        for version in versions
    }


def _kept_statement(look: ReportLook) -> LookedStatement:
    return LookedStatement(
        look.words,
        look.reason_code,
        look.reason,
        look.received,
        look.expected,
        tuple(look.missing),
    )


def _older_statement(version: ReportVersion) -> LookedStatement:
    """Return the same of a version that was made before it was kept, by what went into it."""
    rows = ReportInput.objects.filter(parent_version=version).select_related(
        "child_version", "child_slot__node"
    )
    inputs = list(rows.order_by("child_slot__node__name_at_freeze", "pk"))
    used = [row for row in inputs if row.used in (InputUsed.YES, InputUsed.LATE)]
    looks = _looks_of([row.child_version for row in used if row.child_version is not None])
    left = [row for row in inputs if row.used not in (InputUsed.YES, InputUsed.LATE)]
    missing = [name for row in left for name in _names_at(row.child_slot)]
    missing += [name for row in used for name in looks[row.child_slot_id].missing]
    received = sum(1 + looks[row.child_slot_id].received for row in used)
    return LookedStatement(
        "", received=received, expected=received + len(missing), missing=tuple(missing)
    )


def look_of_version(version: ReportVersion) -> LookedStatement:
    """Return what stands behind a version; its words are "" where it was not asked for yet."""
    return _looks_of([version])[version.slot_id]
