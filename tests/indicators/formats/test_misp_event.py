"""MISP as JSON: each type by its rule, context apart from what is meant, nothing lost."""

import copy
import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from quetsach.indicators.model import IndicatorClass, IndicatorSet, IndicatorStatus, MatchRule, Tlp
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import list_problems, read_lists
from tests.indicators.formats.reading import each_value_wrong, read, rows, taken

MD5, SHA1, SHA256 = "a" * 32, "b" * 40, "c" * 64


def attribute(kind: str, value: str, **said: Any) -> dict[str, Any]:
    return {
        "uuid": "575c8598-f1f0-4c16-a94a-0612c0a83866",
        "type": kind,
        "category": "Network activity",
        "value": value,
        "to_ids": True,
        "deleted": False,
        "comment": "",
        "timestamp": "1663000000",
        "first_seen": "2022-09-01T00:00:00.000000+00:00",
        "last_seen": "2022-09-02T00:00:00.000000+00:00",
        **said,
    }


def event(*attributes: dict[str, Any], **said: Any) -> dict[str, Any]:
    return {
        "Event": {
            "uuid": "5758ebf5-c898-48e6-9fe9-5665c0a83866",
            "info": "Chiến dịch Ví Dụ",
            "date": "2022-09-12",
            "threat_level_id": "1",
            "analysis": "2",
            "published": True,
            "Orgc": {"name": "Đơn vị Ví Dụ", "uuid": "57586e9a-4a64-4f79-9009-4dc1c0a83866"},
            "Tag": [{"name": "tlp:amber"}, {"name": "type:OSINT"}],
            "Attribute": list(attributes),
            **said,
        }
    }


SAMPLE = event(
    attribute("ip-dst", "203.0.113.7", comment="C2", Tag=[{"name": "tlp:red"}]),
    attribute("domain|ip", "bad.example|203.0.113.8"),
    attribute("domain", "seen.example", to_ids=False),
    attribute("link", "https://report.example/1", to_ids=False),
    attribute("sha1", SHA1, deleted=True),
    attribute("yara", "rule a { condition: true }"),
    Object=[
        {
            "name": "file",
            "deleted": False,
            "comment": "Trojan.ViDu",
            "Attribute": [
                attribute("sha256", SHA256, object_relation="sha256"),
                attribute("filename", "vi-du.exe", object_relation="filename"),
            ],
        }
    ],
)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def as_set(tmp_path: Path, value: Any) -> IndicatorSet:
    path = tmp_path / "event.json"
    path.write_bytes(as_json(value))
    return read_lists([path], ListOptions())


def test_what_is_meant_is_taken_and_all_else_is_listed_with_its_reason() -> None:
    found = rows(as_json(SAMPLE), "misp")
    assert taken(found) == ["203.0.113.7", "bad.example", "203.0.113.8", SHA1, SHA256]
    assert [(one.number, one.refused) for one in found if one.refused] == [
        (3, RefusalReason.NOT_FOR_DETECTION),
        (4, RefusalReason.CONTEXT),
        (6, RefusalReason.NOT_APPLIED),
        (8, RefusalReason.OTHER_KIND),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "key", "rule"),
    [
        ("domain", "bad.example", "bad.example", MatchRule.BELOW),
        ("hostname", "www.bad.example", "www.bad.example", MatchRule.EXACT),
        ("ip-src", "203.0.113.7", "203.0.113.7", MatchRule.EXACT),
        ("ip-dst", "203.0.113.0/24", "203.0.113.0/24", MatchRule.CIDR),
        ("ip-dst|port", "203.0.113.7|4443", "203.0.113.7:4443", MatchRule.IP_PORT),
        ("ip-src|port", "2001:db8::7|4443", "[2001:db8::7]:4443", MatchRule.IP_PORT),
        ("hostname|port", "www.bad.example|8080", "www.bad.example", MatchRule.EXACT),
        ("url", "http://bad.example/a", "bad.example/a", MatchRule.URL_PREFIX),
        ("uri", "http://bad.example/a", "bad.example/a", MatchRule.URL_PREFIX),
        ("md5", MD5.upper(), MD5, MatchRule.HASH),
        ("filename|sha256", f"a.exe|{SHA256}", SHA256, MatchRule.HASH),
        ("malware-sample", f"a.exe|{MD5}", MD5, MatchRule.HASH),
        ("x509-fingerprint-sha1", SHA1, f"cert:{SHA1}", MatchRule.FINGERPRINT),
        ("ja3-fingerprint-md5", MD5, f"ja3:{MD5}", MatchRule.FINGERPRINT),
    ],
)
def test_each_type_is_met_by_its_own_rule(
    tmp_path: Path, kind: str, value: str, key: str, rule: MatchRule
) -> None:
    found = as_set(tmp_path, event(attribute(kind, value)))
    assert [(one.key, one.rule) for one in found.indicators] == [(key, rule)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("imphash", MD5),
        ("jarm-fingerprint", MD5),
        ("filename", "update.example"),
        ("email-src", "a@bad.example"),
        ("uri", "gate.php"),
        ("text", "bad.example"),
        ("no-such-type", "bad.example"),
    ],
)
def test_what_only_looks_like_an_indicator_is_none(kind: str, value: str) -> None:
    assert [one.refused for one in rows(as_json(event(attribute(kind, value))), "misp")] == [
        RefusalReason.OTHER_KIND
    ]


def test_a_pair_without_its_bar_is_not_guessed() -> None:
    for kind, value in (("domain|ip", "bad.example"), ("ip-dst|port", "203.0.113.7")):
        assert [one.refused for one in rows(as_json(event(attribute(kind, value))), "misp")] == [
            RefusalReason.UNPARSABLE
        ]


def test_what_event_and_tags_say_is_kept() -> None:
    first = rows(as_json(SAMPLE), "misp")[0]
    assert first.claim.of_class is IndicatorClass.C2
    assert first.claim.label == "C2; Chiến dịch Ví Dụ"
    assert first.claim.tlp is Tlp.RED
    assert first.place == (
        "MISP event 5758ebf5-c898-48e6-9fe9-5665c0a83866, Đơn vị Ví Dụ, threat level high"
    )
    other = rows(as_json(SAMPLE), "misp")[1]
    assert other.claim.tlp is Tlp.AMBER


def test_when_it_was_seen_bounds_nothing() -> None:
    claims = [one.claim for one in rows(as_json(SAMPLE), "misp")]
    assert {(one.valid_from_us, one.valid_until_us) for one in claims} == {(None, None)}


def test_malware_is_named_only_where_the_tags_name_one() -> None:
    def family(*tags: str, own: str | None = None) -> str:
        one = attribute("domain", "bad.example", Tag=[{"name": own}] if own else [])
        tagged = event(one, Tag=[{"name": tag} for tag in tags])
        return rows(as_json(tagged), "misp")[0].claim.family

    one, two = 'misp-galaxy:mitre-malware="ViDu - S0999"', 'misp-galaxy:tool="Other"'
    assert family(one) == "ViDu"
    assert family(one, two) == ""
    assert family(one, two, own=two) == "Other"
    assert family('misp-galaxy:threat-actor="APT0"') == ""


def test_a_technique_of_the_event_is_no_class_of_its_attributes() -> None:
    def of_class(tag: str) -> IndicatorClass:
        tagged = event(attribute("domain", "bad.example"), Tag=[{"name": tag}])
        return rows(as_json(tagged), "misp")[0].claim.of_class

    assert of_class('misp-galaxy:mitre-attack-pattern="Phishing"') is IndicatorClass.UNKNOWN
    assert of_class('rsit:fraud="phishing"') is IndicatorClass.PHISHING


def test_confidence_is_that_of_the_taxonomy() -> None:
    one = attribute("md5", MD5, Tag=[{"name": 'misp:confidence-level="usually-confident"'}])
    assert rows(as_json(event(one)), "misp")[0].claim.confidence == 75


def test_a_deleted_attribute_is_kept_and_met_by_nothing(tmp_path: Path) -> None:
    inner = event(
        attribute("domain", "gone.example", deleted=True),
        Object=[{"deleted": True, "Attribute": [attribute("md5", MD5)]}],
    )
    found = as_set(tmp_path, inner)
    assert {one.claim.status for one in found.indicators} == {IndicatorStatus.WITHDRAWN}
    assert len(found.indicators) == 2
    assert not any(one.is_met for one in found.indicators)


def test_a_proposal_nobody_accepted_is_context() -> None:
    one = attribute("domain", "kept.example")
    one["ShadowAttribute"] = [attribute("domain", "proposed.example")]
    proposed = [attribute("domain", "other.example")]
    found = rows(as_json(event(one, ShadowAttribute=proposed)), "misp")
    assert taken(found) == ["kept.example"]
    assert [one.refused for one in found] == [None, RefusalReason.CONTEXT, RefusalReason.CONTEXT]


def test_every_answer_of_the_interface_is_read() -> None:
    one = attribute("domain", "bad.example")
    of_event = {"info": "Chiến dịch", "uuid": "5758ebf5-c898-48e6-9fe9-5665c0a83866"}
    for written in (
        event(one),
        [event(one)],
        {"response": [event(one)]},
        {"response": event(one)},
        {"response": {"Attribute": [one | {"Event": of_event}]}},
        {"Attribute": [one]},
        event(one)["Event"],
    ):
        found = rows(as_json(written), "misp")
        assert taken(found) == ["bad.example"], written
    answered = rows(as_json({"response": {"Attribute": [one | {"Event": of_event}]}}), "misp")
    assert answered[0].claim.label == "Chiến dịch"
    assert rows(as_json({"response": []}), "misp") == []
    assert rows(as_json({"response": {"Attribute": []}}), "misp") == []


def test_an_event_of_nothing_but_context_says_so(tmp_path: Path) -> None:
    found = as_set(tmp_path, event(attribute("domain", "seen.example", to_ids=False)))
    (problem,) = list_problems(found)
    assert problem.code == "E212"
    assert problem.facts == {"count": 1}
    assert found.readings[0].form == "misp"


def test_a_manifest_alone_names_events_and_no_indicator() -> None:
    manifest = {"5758ebf5-c898-48e6-9fe9-5665c0a83866": {"info": "a", "Orgc": {}, "timestamp": "1"}}
    name, reading = read(as_json(manifest))
    assert (name, [one.code for one in reading.problems]) == ("misp", ["E211"])
    assert read(as_json(manifest), named=False)[1].problems == ()


def test_an_event_that_breaks_off_is_a_problem_and_no_shorter_list() -> None:
    whole = as_json(SAMPLE)
    for end in range(600, len(whole), 97):
        name, reading = read(whole[:end])
        assert (name, list(reading.rows)) == ("misp", [])
        assert [one.code for one in reading.problems] == ["E210"]


def test_other_json_is_left_to_other_forms() -> None:
    for raw in (b'{"response": [1, 2]}', b'{"a": {}}', b'{"response": {"a": 1}}', b"[[[[[[1]]]]]]"):
        assert read(raw)[0] not in ("misp", "stix")


def test_no_wrong_type_in_any_field_stops_the_reading() -> None:
    for changed in each_value_wrong(SAMPLE):
        name, reading = read(as_json(changed))
        if name == "misp":
            assert all(one.refused is not None or one.value for one in reading.rows)


def test_a_wrong_value_is_one_refused_row_and_hides_no_other() -> None:
    for wrong in (None, 7, [], {}, "", True):
        for field in ("type", "value"):
            odd = attribute("domain", "odd.example") | {field: wrong}
            found = rows(as_json(event(odd, attribute("domain", "bad.example"))), "misp")
            assert [one.refused for one in found] == [RefusalReason.UNPARSABLE, None], (
                field,
                wrong,
            )
    for item in (7, None, "text", []):
        inner = event(attribute("domain", "bad.example"))
        inner["Event"]["Attribute"].insert(0, item)
        assert [one.refused for one in rows(as_json(inner), "misp")] == [
            RefusalReason.UNPARSABLE,
            None,
        ]


def test_a_list_of_events_with_one_that_is_none_loses_only_that() -> None:
    found = rows(as_json([event(attribute("domain", "bad.example")), 7, {"a": 1}]), "misp")
    assert [one.refused for one in found] == [
        None,
        RefusalReason.UNPARSABLE,
        RefusalReason.UNPARSABLE,
    ]


def test_pymisp_counts_the_same_attributes_that_are_meant() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymisp import MISPEvent
    sample = copy.deepcopy(SAMPLE)
    theirs = MISPEvent()
    theirs.from_dict(**sample)
    every = [*theirs.attributes, *(a for one in theirs.objects for a in one.attributes)]
    assert len(every) == len({one.number for one in rows(as_json(SAMPLE), "misp")})
    meant = [one for one in every if one.to_ids and one.type not in ("yara", "filename")]
    assert [one.value.partition("|")[0] for one in meant] == [
        one.value for one in rows(as_json(SAMPLE), "misp") if not one.refused and ".8" not in one[2]
    ]
