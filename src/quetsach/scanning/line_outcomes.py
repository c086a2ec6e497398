"""How the lines of a split ended: sighting, no match, reject or sieved out; and the account."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from quetsach.errors.exceptions import Problem
from quetsach.formats.contract import Line, ParsedLines, Reject
from quetsach.scanning.batch_matching import BatchMatcher
from quetsach.scanning.job import WorkerTools
from quetsach.scanning.log_signs import FormCounts, tally_forms
from quetsach.scanning.matching import EventMatch
from quetsach.scanning.plan import Split
from quetsach.schema import Event

MOST_REJECTS = 200
"""How many rejects of one split are kept with their excerpt; all are counted."""


class RecordSighting(NamedTuple):
    """One record that meets one indicator."""

    offset: int
    line: bytes
    event: Event
    hit: EventMatch


@dataclass
class LineOutcome:
    """The sightings of some lines, and how many lines ended how; the rest stays sieved out.

    `refused_candidates` are those of the `rejects` that the sieve had let through.
    """

    sightings: list[RecordSighting] = field(default_factory=list)
    sighting_lines: int = 0
    no_match: int = 0
    rejects: int = 0
    refused_candidates: int = 0
    forms: FormCounts = field(default_factory=FormCounts)


@dataclass
class LineCounts:
    """How the lines of a split ended; every line is in exactly one of the last four."""

    lines: int = 0
    candidates: int = 0
    sieved_out: int = 0
    no_match: int = 0
    sighting_lines: int = 0
    rejects: int = 0

    def add(self, other: "LineCounts") -> None:
        """Add the counts of another split."""
        self.lines += other.lines
        self.candidates += other.candidates
        self.sieved_out += other.sieved_out
        self.no_match += other.no_match
        self.sighting_lines += other.sighting_lines
        self.rejects += other.rejects


@dataclass
class SplitAccount:
    """The account of one split: each line counted once, rejects and problems kept.

    Shapes: `head_offsets` are those of the file's first lines, which must mostly be readable.
    """

    split: Split
    head_offsets: AbstractSet[int]
    counts: LineCounts = field(default_factory=LineCounts)
    rejects: list[Reject] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    forms: FormCounts = field(default_factory=FormCounts)
    _head_rejects: int = 0

    def sieved(self, lines: int, candidates: int) -> None:
        """Count what the sieve saw: what it let through must end as something else."""
        self.counts.lines += lines
        self.counts.candidates += candidates
        self.counts.sieved_out += lines - candidates

    def add(self, outcome: LineOutcome) -> None:
        """Count how some of the sieved lines ended; their rejects come one by one."""
        self.forms.add(outcome.forms)
        self.counts.sighting_lines += outcome.sighting_lines
        self.counts.no_match += outcome.no_match
        self.counts.sieved_out -= outcome.rejects - outcome.refused_candidates

    def joined(self, lines: int) -> None:
        """Count candidates that are part of a record, which is counted at its first line."""
        self.counts.sieved_out += lines

    def reject(self, reject: Reject) -> None:
        """Count a reject, and keep it while there are few."""
        self.counts.rejects += 1
        self.reasons[reject.reason] = self.reasons.get(reject.reason, 0) + 1
        if len(self.rejects) < MOST_REJECTS:
            self.rejects.append(reject)
        if reject.offset in self.head_offsets:
            self._head_rejects += 1

    def report(self, code: str, **facts: object) -> None:
        """Add a problem of the evidence, once for each code."""
        if all(problem.code != code for problem in self.problems):
            self.problems.append(Problem(code, self.split.shown, facts))

    def check_head(self) -> None:
        """Report a file whose first lines are mostly rejects: its format was misread."""
        # A few odd lines are rejects; a log that mostly does not read as its form is misread.
        head_lines = len(self.head_offsets)
        if self._head_rejects * 2 > head_lines:
            code = "E102" if "no-fields" in self.reasons else "E108"
            facts = {"format": self.split.format, "bad": self._head_rejects, "seen": head_lines}
            self.problems.append(Problem(code, self.split.shown, facts))

    def check_sum(self, lines_begun: int) -> None:
        """Report a line that is not accounted for; `lines_begun` was counted without the sieve."""
        counts = self.counts
        ended = counts.sieved_out + counts.no_match + counts.sighting_lines + counts.rejects
        if not lines_begun == counts.lines == ended or counts.sieved_out < 0:
            self.report("E129", lines=lines_begun, sieved=counts.lines, ended=ended)


def judge(
    lines: Sequence[Line],
    rows: ParsedLines,
    candidates: set[int],
    tools: WorkerTools,
    matcher: BatchMatcher | None = None,
) -> LineOutcome:
    """Return what became of `lines`, of which the sieve let `candidates` (offsets) through.

    Only candidates can be sightings: what the sieve did not let through holds no indicator.
    `matcher` knows what earlier lines of the file met.
    """
    matcher = (
        BatchMatcher(tools.lookup, tools.sieve, tools.clock_us) if matcher is None else matcher
    )
    outcome = LineOutcome(rejects=len(rows.rejects))
    raw = dict(lines)
    looked_at = [(offset, event) for offset, event in rows.events if offset in candidates]
    if tools.job.options.since_us is not None or tools.job.options.until_us is not None:
        looked_at = [(offset, event) for offset, event in looked_at if _in_span(event, tools)]
    records = [(raw[offset], event) for offset, event in looked_at]
    met: dict[int, dict[str, RecordSighting]] = {}
    for (offset, event), hits in zip(looked_at, matcher.match(records), strict=True):
        if hits:
            by_key, line = met.setdefault(offset, {}), raw[offset]
            for hit in hits:
                _keep_best(by_key, RecordSighting(offset, line, event, hit))
    rejected = {reject.offset for reject in rows.rejects}
    outcome.sightings = [sighting for by_key in met.values() for sighting in by_key.values()]
    outcome.sighting_lines = len(met)
    outcome.no_match = len(candidates - met.keys() - rejected)
    outcome.refused_candidates = len(rejected & candidates)
    outcome.forms = tally_forms(rows, raw, met.keys())
    return outcome


def _keep_best(by_key: dict[str, RecordSighting], sighting: RecordSighting) -> None:
    """Keep one sighting per line and indicator, the strongest, when a line holds many records."""
    known = by_key.setdefault(sighting.hit.indicator.key, sighting)
    if known is not sighting and rank_of(sighting.hit) > rank_of(known.hit):
        by_key[sighting.hit.indicator.key] = sighting


def rank_of(hit: EventMatch) -> tuple[bool, int]:
    """Return by what the strongest of several hits is known."""
    # What counts as a contact comes before what only a list that is over names.
    return hit.window is None, hit.grade.rank


def _in_span(event: Event, tools: WorkerTools) -> bool:
    options = tools.job.options
    written = event.get("@timestamp")
    if written is None:
        return True
    when = written + tools.clock_us
    return not (
        (options.since_us is not None and when < options.since_us)
        or (options.until_us is not None and when >= options.until_us)
    )
