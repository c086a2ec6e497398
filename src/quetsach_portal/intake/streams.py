"""The streams of a node: what each submission brought of the same logs."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from quetsach.api import ledger
from quetsach.api.findings import read_folder
from quetsach.api.problems import QuetsachError
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.attaching import path_of
from quetsach_portal.intake.boundary import EarlierText, clean
from quetsach_portal.intake.coverage import set_right
from quetsach_portal.intake.folders import findings_folder
from quetsach_portal.intake.models import (
    PartChange,
    StreamPart,
    Submission,
    SubmissionState,
    UnitStream,
)
from quetsach_portal.jobs.queue import RunningJob

MOST_TEXTS = 20_000
"""So many ends of logs are compared in a sweep, the newest."""

_AT_ONCE = 500
_NUMBER_BYTES = 8
_LAST = (PartChange.NEW, PartChange.GROWN, PartChange.DIVERGED)


def earlier_texts(node_id: int) -> tuple[EarlierText, ...]:
    """Return the logs of a node as they were handed in, for the next sweep to compare."""
    rows = StreamPart.objects.filter(stream__node_id=node_id, to__gt=0).exclude(stream__head="")
    ends = rows.order_by("-pk").values_list("stream__head", "to", "chain")[:MOST_TEXTS]
    return tuple(EarlierText(*end) for end in dict.fromkeys(ends))


def keep_node_streams(node_id: int) -> None:
    """Record the streams of all submissions of a node that have none; the caller has its lock."""
    for submission in _unkept(node_id).order_by("pk"):
        _keep_older(submission)


def keep_streams(submission: Submission) -> dict[str, set[str]]:
    """Record what a submission brought of each log; those before it that have none come first.

    Returns, by the first digest of each log that is known, the digests of what it was before.
    The caller holds the transaction; the node is locked, so that two of its sweeps take turns.
    Errors: QuetsachError E303, E305 for its findings.
    """
    CampaignNode.objects.select_for_update(of=("self",)).get(pk=submission.node_id)
    older = _unkept(submission.node_id).filter(pk__lt=submission.pk)
    for one in older.order_by("pk"):
        _keep_older(one)
    if not submission.findings:
        return {}
    return {
        log.digests[0]: digests
        for log, digests in _kept(submission, findings_folder(submission.findings))
        if log.digests
    }


def keep_all_streams(work: RunningJob) -> None:
    """Record the streams of submissions that an earlier version took in; safe to repeat."""
    nodes = _unkept(None).order_by("node_id").values_list("node_id", flat=True).distinct()
    for node_id in list(nodes):
        for pk in list(_unkept(node_id).order_by("pk").values_list("pk", flat=True)):
            with transaction.atomic():
                CampaignNode.objects.select_for_update(of=("self",)).get(pk=node_id)
                for submission in _unkept(node_id).filter(pk=pk):
                    _keep_older(submission)
            work.renew()


def _unkept(node_id: int | None) -> QuerySet[Submission]:
    rows = Submission.objects.filter(state=SubmissionState.DONE, streams_kept=False)
    rows = rows.select_related("node")
    return rows if node_id is None else rows.filter(node_id=node_id)


def _keep_older(submission: Submission) -> None:
    """Record the streams of a submission from its stored findings, and set its days right.

    Findings that were destroyed since, or cannot be read any more, tell nothing.
    """
    folder = findings_folder(submission.findings) if submission.findings else None
    if folder is None or not folder.is_dir():
        folder = path_of(submission.manifest_digest.removeprefix("sha256:"))
    try:
        with transaction.atomic():
            for log, earlier in _kept(submission, folder):
                set_right(submission.node, log.digests, log.days, earlier)
    except QuetsachError:
        Submission.objects.filter(pk=submission.pk).update(streams_kept=True)


def _kept(submission: Submission, folder: Path) -> list[tuple[ledger.StreamLog, set[str]]]:
    """Record the parts of a submission; return each log with the digests of what it was before."""
    findings = read_folder(folder)
    logs = ledger.streams_of(findings)
    sweep = ledger.SweepMark(submission.pk, clean(ledger.listed_in(findings), 120)[:150])
    rows = _near(submission.node_id, logs)
    index = ledger.StreamIndex(map(_stream_of, rows))
    parts: list[StreamPart] = []
    before: list[tuple[ledger.StreamLog, set[str]]] = []
    for log in logs:
        stream, growth = index.take(log, sweep)
        texts = (stream.last, *stream.ends)
        earlier = {digest for text in texts for digest in text.digests} - set(log.digests)
        if growth.stream is None:
            rows.append(UnitStream.objects.create(node_id=submission.node_id, **_fields(stream)))
        parts.append(
            StreamPart(
                stream=rows[stream.number],
                submission=submission,
                path=clean(log.path)[:300],
                change=str(growth.change),
                is_proved=growth.is_proved,
                start=growth.start,
                to=growth.to,
                chain=log.chain,
                digest=next((one for one in log.digests if one != log.chain), ""),
                lines=growth.lines,
                new_lines=growth.new_lines,
                sightings=growth.sightings,
                new_sightings=growth.new_sightings,
                numbers=_packed(growth.new_numbers),
                list_version=sweep.listed,
            )
        )
        before.append((log, earlier))
    StreamPart.objects.bulk_create(parts, batch_size=_AT_ONCE)
    for row, stream in zip(rows, index.streams, strict=True):
        UnitStream.objects.filter(pk=row.pk).update(**_fields(stream))
    submission.streams_kept = True
    Submission.objects.filter(pk=submission.pk).update(streams_kept=True)
    return before


def _near(node_id: int, logs: Iterable[ledger.StreamLog]) -> list[UnitStream]:
    """Return the streams of a node to which one of `logs` may belong."""
    heads: set[str] = set()
    names: set[str] = set()
    digests: set[str] = set()
    for log in logs:
        heads.add(log.head)
        names.add(_name(log.name))
        digests.update(log.digests, (text.chain for text in log.begins_with))
    of_node = StreamPart.objects.filter(stream__node_id=node_id)
    near_keys: set[int] = set()
    for some in _chunks(heads - {""}):
        rows = UnitStream.objects.filter(node_id=node_id, head__in=some)
        near_keys.update(rows.values_list("pk", flat=True))
    # By the name alone only where one of the two is of an earlier version.
    old = Q() if "" in heads else Q(head="")
    for some in _chunks(names):
        rows = UnitStream.objects.filter(old, node_id=node_id, name__in=some)
        near_keys.update(rows.values_list("pk", flat=True))
    for some in _chunks(digests):
        parts = of_node.filter(Q(chain__in=some) | Q(digest__in=some))
        near_keys.update(parts.values_list("stream_id", flat=True))
    near: list[UnitStream] = []
    for some in _chunks(near_keys):
        near += UnitStream.objects.filter(pk__in=some).prefetch_related("parts").order_by("pk")
    return near


def _chunks(texts_or_keys: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(texts_or_keys)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _stream_of(stream: UnitStream) -> ledger.LogStream:
    """Return a stream with all its earlier ends, as the engine compares it."""
    parts = sorted(stream.parts.all(), key=lambda part: part.pk)
    ends = [part for part in parts if part.change in _LAST]
    texts = [
        ledger.TextRead(tuple(filter(None, (part.chain, part.digest))), part.to, part.lines)
        for part in ends
    ]
    return ledger.LogStream(
        number=0,
        name=stream.name,
        kind=stream.kind,
        head=stream.head,
        first=stream.first_at,
        last=texts[-1],
        listed=ends[-1].list_version,
        sweep=ends[-1].submission_id,
        ends=texts[:-1],
        lines=stream.lines,
        numbers=frozenset(number for part in parts for number in _unpacked(part.numbers)),
    )


def _fields(stream: ledger.LogStream) -> dict[str, object]:
    return {
        "name": _name(stream.name),
        "kind": clean(stream.kind, 60)[:60],
        "head": stream.head,
        "chain": next(iter(stream.last.digests), ""),
        "length": stream.last.to,
        "first_at": stream.first,
        "lines": stream.lines,
        "sightings": len(stream.numbers),
    }


def _name(name: str) -> str:
    return clean(name, 200)[:200]


def _packed(numbers: Collection[str]) -> bytes:
    return bytes.fromhex("".join(sorted(numbers)))


def _unpacked(packed: bytes | memoryview) -> Iterator[str]:
    digits, width = bytes(packed).hex(), 2 * _NUMBER_BYTES
    return (digits[start : start + width] for start in range(0, len(digits), width))
