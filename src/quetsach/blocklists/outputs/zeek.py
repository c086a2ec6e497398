"""Zeek intelligence file. Zeek reads it again when it changes; a row is only taken back by one that
says so, `meta.remove` T.

Source: Zeek documentation, Intelligence Framework; scripts/base/frameworks/intel/input.zeek
(REREAD) and scripts/policy/frameworks/intel/removal.zeek.
"""

from collections.abc import Iterator, Sequence

from quetsach.blocklists.contract import (
    WITHOUT_FINGERPRINTS,
    BlockEntry,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import safe_url, text_of, words
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule

KEPT, REMOVED = "F", "T"
"""The last column of a row that is in force, and of one that is taken back."""

_FIELDS = "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url\tmeta.remove"


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return _file(entries, about, KEPT)


def _file(entries: Sequence[BlockEntry], about: ReleaseSummary, removed: str) -> Files:
    # Zeek accepts no comment line; each row's source holds the list's id and its day of expiry.
    until = f"{about.expires:%Y-%m-%d}"
    source = f"{about.mark} {about.list_id} until {until}"
    rows: dict[tuple[str, str], str] = {}
    for block in entries:
        for value, kind in _values(block.indicator):
            rows.setdefault((value, kind), words(block, about))
    body = [
        f"{value}\t{kind}\t{source}\t{text}\t-\t{removed}" for (value, kind), text in rows.items()
    ]
    return {f"{about.name}-intel.dat": text_of([_FIELDS], body)}


def _values(indicator: Indicator) -> Iterator[tuple[str, str]]:
    key = indicator.key
    if indicator.kind is IndicatorKind.NAME:
        yield key, "Intel::DOMAIN"
        if indicator.rule is MatchRule.BELOW and not key.startswith("www.") and len(key) < 250:
            yield f"www.{key}", "Intel::DOMAIN"
    elif indicator.kind is IndicatorKind.ADDRESS:
        yield key, "Intel::ADDR"
    elif indicator.kind is IndicatorKind.NETWORK:
        yield key, "Intel::SUBNET"
    elif indicator.kind is IndicatorKind.URL:
        yield safe_url(key), "Intel::URL"
    else:
        yield key, "Intel::FILE_HASH"


def _undo(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return _file(entries, about, REMOVED)


def with_withdrawn(text: str, before: str) -> str:
    """Return an intelligence file with the rows that only the file `before` it had, as taken back.

    Shapes: a row is known by its value and type; rows that `before` took back are left out. A row
    of fewer columns, or a file with another header, takes nothing back.
    """
    if not before.startswith(_FIELDS + "\n") or not text.startswith(_FIELDS + "\n"):
        return text
    kept = {tuple(line.split("\t")[:2]) for line in text.splitlines()}
    withdrawn = [
        "\t".join((*cells[:-1], REMOVED))
        for cells in (line.split("\t") for line in before.splitlines()[1:])
        if len(cells) == _FIELDS.count("\t") and cells[-1] != REMOVED and (*cells[:2],) not in kept
    ]
    return text + text_of(withdrawn) if withdrawn else text


OUTPUT = Output(
    name="zeek",
    title=N_("Zeek intelligence file"),
    covers=WITHOUT_FINGERPRINTS,
    render=_render,
    undo=_undo,
    use=N_(
        "Load policy/frameworks/intel/seen and policy/frameworks/intel/removal and add the file: "
        "redef Intel::read_files += { FILE }; move a new file over it, Zeek reads it again."
    ),
    undo_by=N_(
        "Move the file whose rows all say meta.remove T over it: with "
        "policy/frameworks/intel/removal loaded Zeek takes them back while it runs."
    ),
    limits=N_(
        "Exact names only: each name is written with its www. form. A row that is only missing "
        "from a new file stays in force until Zeek restarts."
    ),
    modes=(Mode.WATCH,),
    instead=("suricata-rules",),
    proof=ProofMethod.SENSOR,
    below=False,
    comment="#",
)
