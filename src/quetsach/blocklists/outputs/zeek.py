"""Zeek intelligence file. Source: Zeek documentation, Intelligence Framework."""

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

_FIELDS = "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url"


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    # Zeek accepts no comment line; each row's source holds the list's id and its day of expiry.
    until = f"{about.expires:%Y-%m-%d}"
    source = f"{about.mark} {about.list_id} until {until}"
    rows: dict[tuple[str, str], str] = {}
    for block in entries:
        for value, kind in _values(block.indicator):
            rows.setdefault((value, kind), words(block, about))
    body = [f"{value}\t{kind}\t{source}\t{text}\t-" for (value, kind), text in rows.items()]
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


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {f"{about.name}-intel.dat": _FIELDS + "\n"}


OUTPUT = Output(
    name="zeek",
    title=N_("Zeek intelligence file"),
    covers=WITHOUT_FINGERPRINTS,
    render=_render,
    undo=_undo,
    use=N_(
        "Load policy/frameworks/intel/seen and add the file: redef Intel::read_files += { FILE };"
    ),
    undo_by=N_(
        "Replace the file with the one without rows and restart Zeek: while it runs, it adds "
        "rows but removes none."
    ),
    limits=N_("Exact names only: each name is written with its www. form."),
    modes=(Mode.WATCH,),
    instead=("suricata-rules",),
    proof=ProofMethod.SENSOR,
    below=False,
    comment="#",
)
