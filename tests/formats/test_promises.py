"""What the records of a form promise: its samples keep it, and the file of a dialect may say it."""

import json
from dataclasses import replace

import pytest

from quetsach.formats.dialects.dialect import DialectError, load
from quetsach.formats.dialects.making_index import declared_promises
from quetsach.formats.dialects.shipped_dialects import DialectFormat, dialect_formats
from quetsach.formats.promises import promises_of
from quetsach.formats.shared.ecs_fields import WHO_IT_WAS
from tests.formats.golden import expected_path, samples

SMALL = """
name = "small"
title = "Small"
reads = "lines"
source = "this test"
dataset = "small.log"
kind = "pairs"
[signature]
all = ["src="]
"""
FIELDS = '[fields]\n"source.ip" = ["src"]\n'


@pytest.mark.parametrize(
    ("dataset", "told"),
    [
        ("zeek.conn", {"time", "client"}),
        ("zeek.x509", {"time"}),
        ("barracuda.web", {"time", "client"}),
        ("sophos.utm.packetfilter", {"time", "client"}),
        # Who sat there is not told.
        ("browser.visits", {"time"}),
        # Leases are no contacts; a lease of CEF is that of Infoblox' own form, too.
        ("cisco.dhcp", set()),
        ("infoblox.dhcp", set()),
        ("nobodys.log", None),
    ],
)
def test_a_form_declares_what_its_records_tell(dataset: str, told: set[str] | None) -> None:
    assert promises_of(dataset) == told


@pytest.mark.parametrize("form", dialect_formats(), ids=lambda form: form.name)
def test_the_samples_of_a_dialect_keep_its_promises(form: DialectFormat) -> None:
    told: dict[str, set[str]] = {}
    for sample in samples(form):
        rows = json.loads(expected_path(sample).read_text(encoding="utf-8"))["events"]
        for _, event in rows:
            if event["event.type"] != "info":
                kept = told.setdefault(event["event.dataset"], set())
                kept |= {"time"} if "@timestamp" in event else set()
                kept |= set() if {*event}.isdisjoint(WHO_IT_WAS) else {"client"}
    for dataset, kept in told.items():
        assert (promises_of(dataset) or set()) - kept <= {"time"}, dataset


def test_a_dialect_may_say_it_itself() -> None:
    def promised(text: str) -> object:
        return declared_promises([load(text, "small.toml")])["small.log"]

    head, signature = SMALL.split("[signature]")
    assert promised(SMALL) == {"time"}
    assert promised(SMALL + FIELDS) == {"time", "client"}
    assert promised(f'{head}promises = ["client"]\n[signature]{signature}{FIELDS}') == {"client"}
    assert promised(f'{head}type = "info"\n[signature]{signature}{FIELDS}') == set()
    with pytest.raises(DialectError, match="promises"):
        load(f'{head}promises = ["name"]\n[signature]{signature}', "small.toml")


def test_of_two_forms_of_one_data_set_both_must_promise() -> None:
    one = load(SMALL + FIELDS, "small.toml")
    assert declared_promises([one, replace(one, promises=("time",))]) == {"small.log": {"time"}}
