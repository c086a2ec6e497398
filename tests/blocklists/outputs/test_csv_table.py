"""The table for people: it keeps what is known, and is read back."""

import json
from pathlib import Path

import pytest

from quetsach.indicators.model import (
    Claim,
    IndicatorStatus,
)
from tests.blocklists.exchanged import KNOWN, read_back, stix_objects
from tests.blocklists.making import AT_US, DAY_US, indicators, make, mixed


def test_what_was_withdrawn_is_told_as_revoked_and_as_deleted() -> None:
    gone = indicators("gone.example", claim=Claim(status=IndicatorStatus.WITHDRAWN))
    found = (*indicators("bad.example"), *gone)
    told = {one.get("name"): one.get("revoked", False) for one in stix_objects(found).values()}
    assert told["gone.example"] is True
    assert told["bad.example"] is False
    (event,) = (json.loads(text)["Event"] for text in make("misp", found).files.values())
    deleted = {one["value"]: (one["deleted"], one["to_ids"]) for one in event["Attribute"]}
    assert deleted == {"gone.example": (True, False), "bad.example": (False, True)}
    (table,) = make("csv", found).files.values()
    assert "gone.example,name,below,unknown,,,withdrawn" in table
    (plain,) = make("plain", found).files.values()
    assert plain == "bad.example\n"


def test_a_table_keeps_what_is_valid_until_when(tmp_path: Path) -> None:
    back = read_back("csv", indicators("bad.example", claim=KNOWN), tmp_path)
    (one,) = back.indicators
    assert one.claim.valid_until_us == AT_US + DAY_US
    assert one.claim.family == "Mirai"


@pytest.mark.parametrize("form", ["stix", "misp"])
def test_bundle_and_event_are_read_back_where_the_reader_knows_them(
    form: str, tmp_path: Path
) -> None:
    from quetsach.indicators.formats.registry import FORMS

    if not any(form in one.name for one in FORMS):
        pytest.skip(f"the reader of {form} is not there yet")
    back = read_back(form, mixed(), tmp_path)
    assert {(one.key, one.kind, one.rule) for one in back.indicators} == {
        (one.key, one.kind, one.rule) for one in mixed()
    }
