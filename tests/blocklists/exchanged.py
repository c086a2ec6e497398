"""Indicators of which everything is known, written and read back."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import structs

from quetsach.indicators.model import (
    Claim,
    Indicator,
    IndicatorClass,
    IndicatorSet,
    Origin,
    Tlp,
)
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.indicators.restriction import Audience
from tests.blocklists.making import AT_US, DAY_US, indicators, make, mixed

KNOWN = Claim(
    of_class=IndicatorClass.C2,
    family="Mirai",
    label="mẫu 'lạ' \\ 2290",
    confidence=80,
    tlp=Tlp.AMBER_STRICT,
    valid_from_us=AT_US - DAY_US,
    valid_until_us=AT_US + DAY_US,
)
ODD_PAGE = "http://hacked.example/it's\\a?b=%27"


def known() -> tuple[Indicator, ...]:
    origin = Origin("list.csv", "0" * 64, 7, "row", place="trang 3", letter="2290/BTTTT-CATTT")
    found = (*indicators(ODD_PAGE, "bad.example", "203.0.113.5:80", claim=KNOWN), *mixed())
    return tuple(structs.replace(one, origins=(origin,)) for one in found)


def stix_objects(found: Iterable[Indicator], **wishes: Any) -> dict[str, dict[str, Any]]:
    made = make("stix", found, **{"audience": Audience.ORGANISATION, **wishes})
    (text,) = made.files.values()
    return {one["id"]: one for one in json.loads(text)["objects"]}


def read_back(form: str, found: Iterable[Indicator], folder: Path) -> IndicatorSet:
    made = make(form, found, audience=Audience.ORGANISATION)
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_lists([folder], ListOptions())
