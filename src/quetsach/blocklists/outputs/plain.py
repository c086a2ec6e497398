"""One indicator a line, and nothing else."""

from collections.abc import Sequence

from quetsach.blocklists.contract import BlockEntry, Files, Output, ReleaseSummary
from quetsach.blocklists.stix_objects import url_with_scheme
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {f"{about.name}.txt": "".join(f"{_line(block.indicator)}\n" for block in entries)}


def _line(indicator: Indicator) -> str:
    text = url_with_scheme(indicator) if indicator.kind is IndicatorKind.URL else indicator.key
    # A line break, and a blank before `#`, would read as the end of it.
    return "".join(sign if sign.isprintable() and sign != " " else _coded(sign) for sign in text)


def _coded(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "replace"))


OUTPUT = Output(
    name="plain",
    title=N_("Plain list, one indicator a line"),
    covers=tuple(IndicatorKind),
    render=_render,
    use=N_("Use it as a list in another quetsach, or in any program that reads lines."),
    limits=N_(
        "Expresses neither the end of validity nor whether subdomains count, and blocks nothing "
        "by itself: the built-in never-block list applies in the formats that block."
    ),
    ports=True,
    exact=False,
    exchange=True,
    comment="",
)
