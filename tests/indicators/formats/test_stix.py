"""STIX: which objects give indicators, what the bundle says of them, and nothing by mistake."""

import json
from pathlib import Path
from typing import Any

import stix2

from quetsach.indicators.model import IndicatorClass, IndicatorSet, IndicatorStatus, MatchRule, Tlp
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import read_lists
from tests.indicators.formats.reading import each_value_wrong, read, rows, taken

GREEN_1 = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
STRICT_2 = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
MALWARE = "malware--591f0cb7-d66f-4e14-a8e6-5927b597f920"
OWN_MARKING = "marking-definition--11111111-0221-4eb3-b6be-7d15ca92d5ed"


def stix_id(number: int, kind: str = "indicator") -> str:
    return f"{kind}--33fe3b22-0201-47cf-85d0-{number:012d}"


def indicator(number: int, pattern: str, **said: Any) -> dict[str, Any]:
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": stix_id(number),
        "created": "2022-09-12T00:00:00.000Z",
        "modified": "2022-09-12T00:00:00.000Z",
        "pattern": pattern,
        "pattern_type": "stix",
        "valid_from": "2022-09-12T00:00:00Z",
        **said,
    }


def bundle(*objects: Any) -> dict[str, Any]:
    return {
        "type": "bundle",
        "id": "bundle--44af6c39-c09b-49c5-9de2-394224b04982",
        "objects": list(objects),
    }


def name_pattern(name: str) -> str:
    return f"[domain-name:value = '{name}']"


SAMPLE = bundle(
    {
        "type": "malware",
        "spec_version": "2.1",
        "id": MALWARE,
        "created": "2022-09-12T00:00:00.000Z",
        "modified": "2022-09-12T00:00:00.000Z",
        "name": "Ví Dụ RAT",
        "is_family": True,
    },
    indicator(
        1,
        name_pattern("bad.example"),
        name="Máy chủ điều khiển",
        indicator_types=["malicious-activity"],
        kill_chain_phases=[
            {"kill_chain_name": "lockheed-martin-cyber-kill-chain", "phase_name": "c2"}
        ],
        confidence=85,
        valid_until="2022-12-31T17:00:00Z",
        object_marking_refs=[GREEN_1, STRICT_2],
    ),
    indicator(2, "[ipv4-addr:value = '203.0.113.7' OR url:value = 'http://bad.example/a']"),
    indicator(3, "[domain-name:value = 'a.example' AND ipv4-addr:value = '203.0.113.8']"),
    indicator(4, "alert tcp any any -> any any (sid:1;)", pattern_type="snort"),
    indicator(5, name_pattern("good.example"), indicator_types=["benign"]),
    indicator(6, name_pattern("old.example"), revoked=True),
    {
        "type": "relationship",
        "spec_version": "2.1",
        "id": stix_id(7, "relationship"),
        "created": "2022-09-12T00:00:00.000Z",
        "modified": "2022-09-12T00:00:00.000Z",
        "relationship_type": "indicates",
        "source_ref": stix_id(1),
        "target_ref": MALWARE,
    },
    {
        "type": "ipv4-addr",
        "spec_version": "2.1",
        "id": stix_id(8, "ipv4-addr"),
        "value": "198.51.100.3",
    },
)


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def as_set(tmp_path: Path, *objects: Any) -> IndicatorSet:
    path = tmp_path / "bundle.json"
    path.write_bytes(as_json(bundle(*objects)))
    return read_lists([path], ListOptions())


def test_a_bundle_gives_its_simple_patterns_and_lists_the_others() -> None:
    found = rows(as_json(SAMPLE), "stix")
    assert taken(found) == ["bad.example", "203.0.113.7", "http://bad.example/a", "old.example"]
    assert [(one.number, one.refused) for one in found if one.refused] == [
        (4, RefusalReason.NOT_APPLIED),
        (5, RefusalReason.NOT_APPLIED),
        (6, RefusalReason.EXCEPTION),
        (9, RefusalReason.CONTEXT),
    ]
    assert "AND" in found[3].text


def test_the_sample_is_read_by_the_library_of_oasis_with_as_many_patterns() -> None:
    theirs = stix2.parse(as_json(SAMPLE).decode(), allow_custom=True)
    patterns = [one.pattern for one in theirs.objects if one.type == "indicator"]
    ours = {one.number: one for one in rows(as_json(SAMPLE), "stix") if one.number != 9}
    assert [one.text for one in ours.values()] == patterns


def test_what_the_bundle_says_of_an_indicator_is_kept() -> None:
    claim = rows(as_json(SAMPLE), "stix")[0].claim
    assert claim.of_class is IndicatorClass.C2
    assert claim.family == "Ví Dụ RAT"
    assert claim.label == "Máy chủ điều khiển"
    assert claim.confidence == 85
    assert claim.tlp is Tlp.AMBER_STRICT
    assert claim.valid_from_us == 1_662_940_800_000_000
    # "Should no longer be valid" at that moment, so that the last valid one is just before it.
    assert claim.valid_until_us == 1_672_506_000_000_000 - 1


def test_a_name_is_met_exactly_as_the_pattern_says() -> None:
    assert rows(as_json(SAMPLE), "stix")[0].rule is MatchRule.EXACT


def test_labels_speak_where_no_name_does() -> None:
    one = indicator(1, name_pattern("bad.example"), labels=["botnet", "vi-du"])
    assert rows(as_json(one), "stix")[0].claim.label == "botnet, vi-du"


def test_a_revoked_indicator_is_kept_and_met_by_nothing(tmp_path: Path) -> None:
    found = as_set(tmp_path, indicator(1, name_pattern("bad.example"), revoked=True))
    assert found.indicators[0].claim.status is IndicatorStatus.WITHDRAWN
    assert not found.indicators[0].is_met


def test_the_newest_version_of_an_indicator_replaces_the_others(tmp_path: Path) -> None:
    old, new = "2022-09-12T00:00:00Z", "2022-09-12T00:00:00.500Z"
    found = as_set(
        tmp_path,
        indicator(1, name_pattern("new.example"), modified=new, confidence=30),
        indicator(1, name_pattern("old.example"), modified=old, confidence=90),
        indicator(2, name_pattern("same.example"), modified=old, confidence=90),
        indicator(2, name_pattern("same.example"), modified=new, confidence=30),
        indicator(3, name_pattern("gone.example"), modified=old),
        indicator(3, name_pattern("gone.example"), modified=new, revoked=True),
    )
    claims = {one.key: one.claim for one in found.indicators}
    assert claims["new.example"].status is IndicatorStatus.ACTIVE
    assert claims["old.example"].status is IndicatorStatus.REPLACED
    assert claims["old.example"].replaced_by == "new.example"
    assert (claims["same.example"].status, claims["same.example"].confidence) == (
        IndicatorStatus.ACTIVE,
        30,
    )
    assert claims["gone.example"].status is IndicatorStatus.WITHDRAWN


def test_a_marking_of_the_senders_own_is_understood_by_its_level() -> None:
    marking = {"type": "marking-definition", "id": OWN_MARKING, "definition": {"tlp": "amber"}}
    one = indicator(1, name_pattern("bad.example"), object_marking_refs=[OWN_MARKING])
    assert rows(as_json(bundle(one, marking)), "stix")[0].claim.tlp is Tlp.AMBER


def test_a_standard_marking_cannot_be_made_laxer_by_the_bundle() -> None:
    red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
    marking = {"type": "marking-definition", "id": red, "definition": {"tlp": "white"}}
    one = indicator(1, name_pattern("bad.example"), object_marking_refs=[red])
    assert rows(as_json(bundle(marking, one)), "stix")[0].claim.tlp is Tlp.RED


def test_stix_2_0_says_no_pattern_type_and_holds_observables_in_the_observation() -> None:
    old = indicator(1, name_pattern("bad.example"), labels=["phishing"])
    del old["pattern_type"], old["spec_version"]
    seen = {
        "type": "observed-data",
        "id": stix_id(2, "observed-data"),
        "objects": {
            "0": {"type": "ipv4-addr", "value": "198.51.100.3"},
            "1": {"type": "file", "hashes": {"MD5": "a" * 32}},
        },
    }
    found = rows(as_json(bundle(old, seen)), "stix")
    assert taken(found) == ["bad.example"]
    assert found[0].claim.of_class is IndicatorClass.PHISHING
    assert [one.refused for one in found[1:]] == [RefusalReason.CONTEXT] * 2


def test_a_single_object_an_array_and_a_taxii_answer_are_read_as_well() -> None:
    one = indicator(1, name_pattern("bad.example"))
    for written in (one, [one], {"more": False, "objects": [one]}, {"objects": [one]}):
        assert taken(rows(as_json(written), "stix")) == ["bad.example"]
    for empty in ({"objects": []}, {"more": False, "objects": []}, bundle()):
        assert rows(as_json(empty), "stix") == []


def test_a_bundle_in_another_encoding_is_read() -> None:
    text = json.dumps(bundle(indicator(1, name_pattern("bad.example"), name="độc")))
    for raw in (
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + text.encode(),
        ("\n \n" + text).encode("utf-16-le"),
    ):
        assert taken(rows(raw, "stix")) == ["bad.example"]


def test_other_json_is_left_to_other_forms() -> None:
    for raw in (b'{"type": "other", "objects": [1, 2]}', b"[1, 2]", b'{"a": 1}', b"{}", b"[]"):
        assert read(raw)[0] != "stix"


def test_a_bundle_that_breaks_off_is_a_problem_and_no_shorter_list() -> None:
    whole = as_json(SAMPLE)
    for end in range(200, len(whole), 97):
        name, reading = read(whole[:end])
        assert name == "stix"
        assert list(reading.rows) == []
        assert [one.code for one in reading.problems] == ["E210"]


def test_json_nested_beyond_reason_is_a_problem() -> None:
    deep = as_json(bundle(indicator(1, "x")))[:-2] + b', {"a":' + b"[" * 200_000
    for raw in (deep, deep + b"]" * 200_000 + b"}]}"):
        name, reading = read(raw)
        assert name == "stix"
        assert [one.code for one in reading.problems] == ["E210"]


def test_a_hostile_object_is_one_refused_row_and_hides_no_other() -> None:
    good = indicator(1, name_pattern("bad.example"))
    for odd in (7, None, "text", [], {}, {"type": 5}, [[["x"]]]):
        found = rows(as_json(bundle(odd, good)), "stix")
        assert [one.refused for one in found] == [RefusalReason.UNPARSABLE, None], odd


def test_half_a_character_spoils_nothing() -> None:
    said = {"name": "a\ud800 \\\\ud800 \U0001f41e\udc00", "description": "\\\ud83d"}
    found = rows(as_json(bundle(indicator(1, name_pattern("bad.example"), **said))), "stix")
    assert taken(found) == ["bad.example"]
    assert found[0].claim.label == "a\ufffd \\\\ud800 \U0001f41e\ufffd"


def test_no_wrong_type_in_any_field_stops_the_reading() -> None:
    for changed in each_value_wrong(SAMPLE):
        name, reading = read(as_json(changed))
        if name == "stix":
            found = list(reading.rows)
            assert all((one.refused is None) == bool(one.value) or one.refused for one in found)
            assert found or reading.problems or changed.get("objects") in ([], None)


def test_a_wrong_field_takes_its_own_words_away_and_no_indicator() -> None:
    sample = bundle(indicator(1, name_pattern("bad.example"), confidence=50, labels=["c2"]))
    kept = ("name", "confidence", "labels", "valid_from", "created", "modified", "id")
    for field in kept:
        for wrong in (None, 7.5, [], {}, "\x00", 10**30):
            sample["objects"][0] |= {field: wrong}
            assert taken(rows(as_json(sample), "stix")) == ["bad.example"], (field, wrong)


def test_the_last_of_two_equal_keys_counts_as_in_every_reader_of_json() -> None:
    raw = as_json(bundle(indicator(1, "PATTERN"))).replace(
        b'"PATTERN"',
        b'"[domain-name:value = \'a.example\']", "pattern": "[domain-name:value = \'b.example\']"',
    )
    assert taken(rows(raw, "stix")) == ["b.example"]


def test_many_patterns_for_the_slow_parser_end_in_not_applied() -> None:
    odd = "[domain-name:value MATCHES '" + "a" * 1900 + "']"
    many = [indicator(n, odd if n < 260 else "[broken") for n in range(262)]
    reasons = [one.refused for one in rows(as_json(bundle(*many)), "stix")]
    assert set(reasons) == {RefusalReason.NOT_APPLIED}
