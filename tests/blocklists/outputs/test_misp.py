"""MISP events: read by its own library, each kind with its type."""

import json

import pymisp

from quetsach.blocklists.contract import WITHOUT_FINGERPRINTS
from quetsach.indicators.restriction import Audience
from tests.blocklists.exchanged import known
from tests.blocklists.making import make, mixed


def test_pymisp_reads_the_event() -> None:
    made = make("misp", known(), audience=Audience.ORGANISATION, title="Chiến dịch 2026")
    for text in (*made.files.values(), *made.undo.values()):
        event = pymisp.MISPEvent()
        event.load(text)
        assert event.info == "Chiến dịch 2026"
        assert len(event.attributes) == len(known())
        kinds = {one.type for one in event.attributes}
        assert kinds == {
            "domain", "hostname", "ip-dst", "ip-dst|port", "url", "md5", "sha1", "sha256",
        }  # fmt: skip


def test_every_kind_has_its_type_in_misp() -> None:
    (event,) = (json.loads(text)["Event"] for text in make("misp", mixed()).files.values())
    said = {(one["type"], one["value"]) for one in event["Attribute"]}
    assert ("ip-dst|port", "2001:db8::2|8443") in said
    assert ("domain", "below.bad.example") in said
    assert ("hostname", "exact.bad.example") in said
    assert len({one["uuid"] for one in event["Attribute"]}) == len(mixed())
    assert {one.kind for one in mixed()} == {*WITHOUT_FINGERPRINTS}


def test_an_event_carries_its_campaign_and_its_strictest_marking() -> None:
    made = make("misp", known(), audience=Audience.ORGANISATION, title='Chiến dịch "9"\n2026')
    for text in (*made.files.values(), *made.undo.values()):
        event = pymisp.MISPEvent()
        event.load(text)
        tags = [tag.name for tag in event.tags]
        assert tags[0].startswith("quetsach:list=")
        assert tags[1:] == ["tlp:amber+strict", "quetsach:campaign=\"Chiến dịch '9' 2026\""]
    (untitled,) = make("misp", mixed()).files.values()
    assert len(json.loads(untitled)["Event"]["Tag"]) == 1
