"""What the page of imported logs shows: each log of a unit, and what each submission brought."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.intake.models import PartChange, StreamPart, Submission, UnitStream
from quetsach_portal.intake.problems import without_folder

MOST_PARTS = 20
"""So many submissions of a log are shown, the latest."""

TONES = {
    PartChange.DIVERGED: "bad",
    PartChange.GROWN: "good",
    PartChange.NEW: "good",
}


@dataclass(frozen=True)
class ImportedPart:
    """What one submission brought of a log; `time` counts the submissions of it from 1."""

    time: int
    part: StreamPart

    @property
    def submission(self) -> Submission:
        """The submission that brought it."""
        return self.part.submission

    @property
    def path(self) -> str:
        """The name of the file, without that of the folder in which it was swept."""
        return without_folder(self.part.path)

    @property
    def tone(self) -> str:
        """The tone of its label."""
        return TONES.get(PartChange(self.part.change), "calm")


@dataclass(frozen=True)
class ImportedLog:
    """A log with what each submission brought of it, the latest first; `more` are not shown."""

    stream: UnitStream
    parts: Sequence[ImportedPart]
    more: int

    @property
    def has_diverged(self) -> bool:
        """Whether it was edited or damaged between two of the submissions shown."""
        return any(view.part.change == PartChange.DIVERGED for view in self.parts)


def streams_of(node: CampaignNode) -> QuerySet[UnitStream]:
    """Return the logs of `node`, those of which something came last first."""
    rows = UnitStream.objects.filter(node=node)
    return rows.annotate(times=Count("parts"), latest=Max("parts")).order_by("-latest", "-pk")


def with_parts(streams: Sequence[UnitStream]) -> list[ImportedLog]:
    """Return `streams`, rows of `streams_of`, with their parts. Cost: one query."""
    number = Window(RowNumber(), partition_by=F("stream_id"), order_by=F("pk").desc())
    rows = StreamPart.objects.filter(stream__in=[row.pk for row in streams])
    rows = rows.defer("numbers").select_related("submission").annotate(place=number)
    by_stream: defaultdict[int, list[StreamPart]] = defaultdict(list)
    for part in rows.filter(place__lte=MOST_PARTS).order_by("-pk"):
        by_stream[part.stream_id].append(part)
    return [_view(row, by_stream[row.pk]) for row in streams]


def _view(stream: UnitStream, parts: Sequence[StreamPart]) -> ImportedLog:
    times: int = stream.times  # type: ignore[attr-defined]  # of streams_of
    views = [ImportedPart(times - place, part) for place, part in enumerate(parts)]
    return ImportedLog(stream, views, times - len(views))
