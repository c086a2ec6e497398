"""Sets of indicators and releases for the tests of outputs."""

import re
import shutil
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.blocklists.contract import Mode, Output
from quetsach.blocklists.convert import ConvertedRelease, ConvertRequest, convert
from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorKind,
    IndicatorSet,
    MatchRule,
)
from quetsach.indicators.options import ListOptions
from quetsach.indicators.values import parse_value

AT = datetime(2026, 9, 12, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
AT_US = round(AT.timestamp() * 1_000_000)
DAY_US = 86400 * 1_000_000

EXACT = "exact.bad.example"
MIXED = (
    "below.bad.example",
    "xn--ti-khon-lwa5j.example",
    "203.0.113.77",
    "203.0.113.78:443",
    "[2001:db8::2]:8443",
    "198.51.100.0/25",
    "198.51.100.64/26",
    "2001:db8::1",
    "2001:db8:5::/48",
    "https://hacked.example/wp/a?x=1",
    "44d88612fea8a8f36de82e1278abb02f",
    "3395856ce81f2b7382dee72602f798b642f14140",
    "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
)


def indicators(
    *values: str, exact: Iterable[str] = (), claim: Claim | None = None
) -> tuple[Indicator, ...]:
    """Return the indicators that the values write, sorted as a set has them."""
    narrow = set(exact)
    found = []
    for text in (*values, *narrow):
        for one in parse_value(text, ListOptions()).values:
            rule = MatchRule.EXACT if text in narrow else one.rule
            said = Claim() if claim is None else claim
            found.append(Indicator(one.key, one.shown, one.kind, rule, one.port, said))
    assert len(found) >= len(values), "a value of the test is refused"
    return tuple(sorted(found, key=lambda one: (one.key, one.kind)))


def mixed() -> tuple[Indicator, ...]:
    """Return indicators of every kind and rule."""
    found = indicators(*MIXED, exact=(EXACT,))
    assert {one.kind for one in found} == {*IndicatorKind} - {IndicatorKind.FINGERPRINT}
    assert {one.rule for one in found} == {*MatchRule} - {MatchRule.FINGERPRINT}
    return found


def output(name: str) -> Output:
    """Return the output of this name."""
    return next(one for one in OUTPUTS if one.name == name)


def modes() -> list[Any]:
    """Return every output with every mode it has, for parametrize."""
    return [
        pytest.param(one.name, mode, id=f"{one.name}-{mode}")
        for one in OUTPUTS
        for mode in one.modes
    ]


def make(
    form: str, found: Iterable[Indicator], mode: Mode | None = None, **wishes: Any
) -> ConvertedRelease:
    """Return a release of `found`; in the first mode that the form has."""
    asked = output(form).modes[0] if mode is None else mode
    request = ConvertRequest(form, AT, asked, **wishes)
    return convert(IndicatorSet(tuple(found)), request)


def program(name: str, package: str) -> str:
    """Return where a program is, or skip the test, loudly."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if path is None:
        pytest.skip(
            f"{name} is not installed (Debian package {package}): NOT loaded by the real one"
        )
    return path


# Of the manual: action head (options); each option ends with `;`, and inside quotes a quote, a
# semicolon and a backslash are written in hex.
SURICATA_RULE = re.compile(
    r'(?:alert|drop) (?:ip|tcp|udp|dns|tls|http|smtp|smb|ftp-data) [$\w]+ any -> [^()";]+ '
    r'\((?:[a-z0-9._-]+(?::(?:"[^"\\;]*(?:\\x2f[^"\\;]*)?"|[^";\\]+))?; ?)+\)'
)
