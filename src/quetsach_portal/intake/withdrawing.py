"""Evidence that was handed in by mistake is taken back: judged, counted and told without it."""

from collections import defaultdict
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode, CampaignState
from quetsach_portal.cases.detaching import detach
from quetsach_portal.cases.models.coverage import FolderRead
from quetsach_portal.cases.overview import record_counts
from quetsach_portal.intake.actions import audit
from quetsach_portal.intake.looked import settle_node, source_of
from quetsach_portal.intake.models import (
    CoverageDay,
    SourceDay,
    StreamPart,
    Submission,
    SubmissionState,
    UnitStream,
)
from quetsach_portal.intake.streams import keep_node_streams
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.looks.recording import nodes_repeating, take_back
from quetsach_portal.people.models.account import User
from quetsach_portal.ranges.asking import search_again
from quetsach_portal.web.acts import Refused

_DayOfKind = tuple[date, str]


def withdraw(submission: Submission, *, reason: str, actor: User) -> int:
    """Take evidence back that was looked through; return how many cases ended by it.

    Cases are judged anew, days and looks that it alone brought count no more, and reports that
    were signed or sent with other figures are marked. Files and findings stay until they are
    destroyed as always. Errors: Refused without a reason, or for what is not finished.
    Cost: one pass over all findings folders of the node.
    """
    why = " ".join(reason.split())[:300]
    if not why:
        raise Refused(_("Say why this evidence is withdrawn."), field="reason")
    with transaction.atomic():
        nodes = _locked_nodes(submission)
        node = nodes[submission.node_id]
        locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
        if node.campaign.state == CampaignState.ARCHIVED:
            raise Refused(_("The campaign is archived: its evidence can no longer be withdrawn."))
        if locked.state != SubmissionState.DONE:
            raise Refused(_("Only evidence that was looked through can be withdrawn."))
        before = record_counts(node)
        locked.state, locked.withdrawn_at = SubmissionState.WITHDRAWN, timezone.now()
        locked.withdrawn_by, locked.withdrawn_reason = actor, why
        locked.save()
        # It reads the findings of the node, so before the trail is locked, on which all acts wait.
        _out_of_coverage(node, locked)
        audit("evidence.withdrawn", locked, actor, {"findings": locked.manifest_digest})
        ended = _out_of_cases(node, locked, actor)
        take_back(source_of(locked))
        for each_node in nodes.values():
            settle_node(each_node)
        search_again(node)
        _tell_reports(node, locked, before)
    return ended


def _locked_nodes(submission: Submission) -> dict[int, CampaignNode]:
    """Return by id, in their order, its node and those whose looks may now count for its own."""
    ids = {submission.node_id, *nodes_repeating(source_of(submission))}
    rows = CampaignNode.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    rows = rows.select_related("unit", "campaign__lead_unit").order_by("pk")
    return {node.pk: node for node in rows}


def _out_of_cases(node: CampaignNode, submission: Submission, actor: User) -> int:
    digest = submission.manifest_digest.removeprefix("sha256:")
    same = Submission.objects.filter(
        node=node, manifest_digest=submission.manifest_digest, state=SubmissionState.DONE
    )
    if not digest or same.exists():
        return 0  # The same findings were handed in twice: they stand on the other hand-in.
    lines = [str(line["number"]) for line in submission.summary.get("look", ())]
    source = source_of(submission)
    ended = len(detach(node, digest, lines=lines, source=source, actor=actor))
    # What later versions of the list were found in it.
    again = FolderRead.objects.filter(node=node, source__regex=rf"^list:[0-9]+:{source}$")
    for found_again in list(again.order_by("pk").values_list("digest", flat=True)):
        by_folder = f"{source}:{found_again[:16]}"
        ended += len(detach(node, found_again, source=by_folder, actor=actor))
    return ended


def _out_of_coverage(node: CampaignNode, submission: Submission) -> None:
    """Take out the days that it alone brought; logs are compared anew with those that are left."""
    own = _digests_of(StreamPart.objects.filter(submission=submission))
    UnitStream.objects.filter(node=node).delete()
    Submission.objects.filter(node=node, state=SubmissionState.DONE).update(streams_kept=False)
    keep_node_streams(node.pk)
    left = StreamPart.objects.filter(stream__node=node)
    gone = own - _digests_of(left)
    SourceDay.objects.filter(node=node, source_digest__in=gone).delete()
    _count_days(node)


def _digests_of(parts: "QuerySet[StreamPart]") -> set[str]:
    return {digest for pair in parts.values_list("chain", "digest") for digest in pair if digest}


def _count_days(node: CampaignNode) -> None:
    """Count the lines of each day anew, a log once however often it was handed in."""
    stream_of: dict[str, int] = {}
    parts = StreamPart.objects.filter(stream__node=node)
    for stream, chain, digest in parts.values_list("stream", "chain", "digest"):
        stream_of |= {chain: stream, digest: stream}
    most: dict[tuple[_DayOfKind, object], int] = {}
    unknown: set[_DayOfKind] = set()
    rows = SourceDay.objects.filter(node=node)
    for digest, kind, day, lines in rows.values_list("source_digest", "kind", "day", "lines"):
        if lines is None:
            unknown.add((day, kind))
            continue
        key = ((day, kind), stream_of.get(digest, digest))
        most[key] = max(most.get(key, 0), lines)
    sums: defaultdict[_DayOfKind, int] = defaultdict(int)
    for (of_day, _stream), lines in most.items():
        sums[of_day] += lines
    alive = _alive_of(node)
    for covered in CoverageDay.objects.filter(node=node):
        of_day = (covered.day, covered.kind)
        if of_day in unknown:
            continue  # How much an earlier version counted of it is not known: it stays.
        if not sums[of_day]:
            covered.delete()
            continue
        covered.lines = sums[of_day]
        covered.alive = min(covered.alive, alive[covered.day])
        covered.save(update_fields=["lines", "alive"])


def _alive_of(node: CampaignNode) -> dict[date, int]:
    """Return by day the most machines that a remaining hand-in saw."""
    alive: defaultdict[date, int] = defaultdict(int)
    rows = Submission.objects.filter(node=node, state=SubmissionState.DONE)
    for summary in rows.values_list("summary", flat=True):
        for day, sums in summary.get("days", {}).items():
            at = date.fromisoformat(day)
            alive[at] = max(alive[at], int(sums.get("alive", 0)))
    return alive


def _tell_reports(node: CampaignNode, submission: Submission, before: dict[str, int]) -> None:
    """Ask for marks beside reports that were signed or sent with other figures."""
    after = record_counts(node)
    if before != after:
        enqueue(
            "reports.list_changed",
            key=f"reports.list_changed:{node.pk}:{source_of(submission)}",
            payload={
                "node": node.pk,
                "n": 0,
                "before": before,
                "after": after,
                "rows": [],
                "count": 0,
            },
            unit_path=node.campaign.lead_unit.path,
        )
