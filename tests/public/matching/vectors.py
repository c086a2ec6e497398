"""`python -m tests.public.matching.vectors`: write what the engine says of the cases."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import Claim, Indicator, IndicatorSet, Tlp
from quetsach.indicators.options import ListOptions
from quetsach.indicators.releases.open_list import open_list
from quetsach.indicators.values import parse_value
from quetsach.scanning.matching import mentioned
from tests.public.matching.cases import INDICATORS, LINES

FILE = Path(__file__).with_name("vectors.json")
WHEN_US = int(datetime(2022, 9, 20, tzinfo=UTC).timestamp()) * 1_000_000


def indicators(*texts: str) -> IndicatorSet:
    """Return the set that a list of `texts`, open to all, is."""
    claim = Claim(family="Mirai", tlp=Tlp.CLEAR)
    found = [
        Indicator(value.key, value.shown, value.kind, value.rule, value.port, claim)
        for text in texts
        for value in parse_value(text, ListOptions()).values
    ]
    return IndicatorSet(tuple(sorted(found, key=lambda one: one.key)))


def opened(*texts: str) -> bytes:
    """Return the open list of `texts`, as the portal writes it."""
    return open_list(indicators(*texts), WHEN_US, made_us=WHEN_US).content


def met(line: str, lookup: IndicatorLookup) -> list[list[str]]:
    """Return kind and key of each indicator that the engine sees mentioned in `line`."""
    found = {(str(one.kind), one.key) for one, _ in mentioned(line.encode(), lookup, {}, None)}
    return [list(one) for one in sorted(found)]


def vectors() -> dict[str, Any]:
    """Return the list as the browser has it, and lines with what they meet."""
    listed = indicators(*INDICATORS)
    lookup = IndicatorLookup(listed)
    return {
        "list": json.loads(opened(*INDICATORS)),
        "lines": [{"line": line, "met": met(line, lookup)} for line in LINES],
    }


if __name__ == "__main__":
    text = json.dumps(vectors(), ensure_ascii=False, indent=1, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")
