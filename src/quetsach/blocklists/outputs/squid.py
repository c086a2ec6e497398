"""Squid access lists. Source: squid.conf documentation, acl, access_log."""

import re
from collections.abc import Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    BlockReason,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import (
    emptied,
    header,
    parts_of,
    safe_url,
    text_of,
    without_covered,
    without_nested,
)
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule
from quetsach.urls import parse_url

_SPECIAL = re.compile(r"([.?*+()\[\]{}|^$\\])")


FILE = "-squid.conf"


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    # Squid complains of a name below one that covers it, and of a network inside another.
    names = [_name(block.indicator) for block in without_covered(parts.names)]
    spans = [block.indicator.key for block in parts.addresses]
    spans += [str(network) for network, _ in without_nested(parts.networks)]
    acls = {
        "names": [f"dstdomain -n {name}" for name in names],
        "addresses": [f"dst {span}" for span in spans],
        "pages": [f"url_regex {_page(block.indicator)}" for block in parts.urls],
    }
    lines = []
    for short, values in acls.items():
        if values:
            acl = f"{about.name}-{short}"
            lines += [f"acl {acl} {value}" for value in values]
            lines.append(_verdict(acl, about))
    return {about.name + FILE: text_of(header(about, "#"), lines)}


def _verdict(acl: str, about: ReleaseSummary) -> str:
    if about.mode is Mode.BLOCK:
        return f"http_access deny {acl}"
    return f"access_log stdio:/var/log/squid/{about.name}.log squid {acl}"


def _name(indicator: Indicator) -> str:
    return f".{indicator.key}" if indicator.rule is MatchRule.BELOW else indicator.key


def _page(indicator: Indicator) -> str:
    url = parse_url(indicator.key)
    assert url is not None
    host = f"[{url.host}]" if ":" in url.host else url.host
    port = "(:80|:443)?" if url.port is None else f":{url.port}"
    path = safe_url(url.rest)
    border = "" if path.endswith("/") else "([/?&]|$)"
    return f"^[a-z]+://{_escaped(host)}{port}{_escaped(path)}{border}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _refuses(indicator: Indicator) -> BlockReason | None:
    if indicator.kind is not IndicatorKind.URL:
        return None
    return BlockReason.MALFORMED if parse_url(indicator.key) is None else None


OUTPUT = Output(
    name="squid",
    title=N_("Squid access lists"),
    covers=(IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.NETWORK, IndicatorKind.URL),
    render=_render,
    undo=emptied(FILE),
    use=N_(
        "Include it in squid.conf before the first http_access allow, check with squid -k parse, "
        "then squid -k reconfigure."
    ),
    undo_by=N_("Replace the file with the empty one, then squid -k reconfigure."),
    limits=N_(
        "Squid sees only the host name of an encrypted page, so pages are matched in http:// "
        "only. Pages are compared one by one: keep such lists short."
    ),
    proof=ProofMethod.PROXY,
    refuses=_refuses,
)
