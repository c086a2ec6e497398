"""STIX 2.1 objects as every output writes them: identity, TLP 2.0 markings, patterns, times.

Source: OASIS, STIX 2.1.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from quetsach.addresses import parse_address
from quetsach.blocklists.never_block import host_of
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule, Tlp
from quetsach.indicators.vocabulary import (
    HASH_TYPES,
    MARKING_OF,
    STIX_HASHES,
    TLP2_CREATED,
    TLP2_EXTENSION,
)


def identity_object(identity_uuid: object, name: str) -> dict[str, Any]:
    """Return the identity under which objects are written."""
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{identity_uuid}",
        # The same for ever, for an id names one object: what changes is `modified`.
        "created": TLP2_CREATED,
        "modified": TLP2_CREATED,
        "name": name,
    }


def marking_objects(levels: Collection[Tlp | None]) -> list[dict[str, Any]]:
    """Return the marking definitions of TLP 2.0 for the levels that occur, from clear to red."""
    return [
        {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": MARKING_OF[level],
            "created": TLP2_CREATED,
            "name": f"TLP:{level.value.upper()}",
            "extensions": {
                TLP2_EXTENSION: {
                    "extension_type": "property-extension",
                    "tlp_2_0": level.value,
                }
            },
        }
        for level in Tlp
        if level in levels
    ]


def marked(tlp: Tlp | None) -> dict[str, Any]:
    """Return the property that marks an object; nothing where no level is known."""
    return {} if tlp is None else {"object_marking_refs": [MARKING_OF[tlp]]}


def validity(from_us: int, until_us: int | None) -> dict[str, str]:
    """Return the properties of the time in which an indicator is valid.

    Shapes: `until_us` is the last moment at which it is valid, or None; STIX names the first at
    which it no longer is. An end before the beginning says nothing and is left out.
    """
    begin = {"valid_from": stix_time(from_us)}
    # The last microsecond of a millisecond ends with it: 23:59:59.999999 is written 00:00:00.000.
    end_us = until_us if until_us is None else until_us + (until_us % 1000 == 999)
    if end_us is None or end_us // 1000 <= from_us // 1000:
        return begin
    return begin | {"valid_until": stix_time(end_us)}


def pattern_of(indicator: Indicator) -> str:
    """Return the STIX pattern that matches `indicator`, as far as the grammar allows."""
    if indicator.kind is IndicatorKind.HASH:
        return f"[file:hashes.{STIX_HASHES[HASH_TYPES[len(indicator.key)]]} = '{indicator.key}']"
    if indicator.kind is IndicatorKind.URL:
        return f"[url:value = {_quoted(url_with_scheme(indicator))}]"
    if indicator.kind is IndicatorKind.NAME:
        same = f"domain-name:value = {_quoted(indicator.key)}"
        # `_` matches any character in LIKE, and cannot be escaped.
        if indicator.rule is MatchRule.BELOW and "_" not in indicator.key:
            return f"[{same} OR domain-name:value LIKE {_quoted('%.' + indicator.key)}]"
        return f"[{same}]"
    if indicator.kind is IndicatorKind.NETWORK:
        return f"[{_type(indicator.key)}:value ISSUBSET {_quoted(indicator.key)}]"
    address = host_of(indicator)
    if indicator.rule is MatchRule.IP_PORT and indicator.port is not None:
        reference = "network-traffic:dst_ref"
        return (
            f"[{reference}.type = '{_type(address)}' AND {reference}.value = {_quoted(address)} "
            f"AND network-traffic:dst_port = {indicator.port}]"
        )
    return f"[{_type(address)}:value = {_quoted(address)}]"


def url_with_scheme(indicator: Indicator) -> str:
    """Return the URL with the scheme that its list gave, else with http."""
    scheme, parted, _rest = indicator.shown.partition("://")
    has_scheme = parted and scheme.isascii() and scheme.isalnum() and len(scheme) < 16
    return f"{scheme.lower() if has_scheme else 'http'}://{indicator.key}"


def stix_time(at_us: int) -> str:
    """Return a time as STIX writes it, to the millisecond. Units: us since 1970, UTC."""
    milliseconds = at_us // 1000
    when = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


def _type(key: str) -> str:
    address = parse_address(key.partition("/")[0])
    return "ipv4-addr" if address is not None and address.version == 4 else "ipv6-addr"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
