"""Wrappers come off, layer by layer; the writer of a line is never taken for its client."""

import json
import time
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.shared.peeling import LineLayer, layers_taken, peel, peel_document, value_at

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1_788_225_322_000_000
MESSAGE = "unbound[7]: [7:0] info: 10.20.3.41 bad.example. A IN"


def innermost(line: str) -> LineLayer:
    return layers_of(line)[0]


def layers_of(line: str) -> list[LineLayer]:
    return peel(line.encode(), HANOI, WHEN)


@pytest.mark.parametrize(
    "line",
    [
        f"<30>Sep  1 08:15:22 dns1 {MESSAGE}",
        f"84 <30>Sep  1 08:15:22 dns1 {MESSAGE}",
        f"<30>Sep  1 08:15:29 relay Sep  1 08:15:22 dns1 {MESSAGE}",
        f"2026-09-01T08:15:22+07:00 dns1 {MESSAGE}",
        "<30>1 2026-09-01T01:15:22Z dns1 unbound 7 - - [7:0] info: 10.20.3.41 bad.example. A IN",
        json.dumps({"@timestamp": "2026-09-01T01:15:22Z", "host": "dns1", "message": MESSAGE}),
        json.dumps({"timestamp": WHEN // 10**6, "host": {"name": "dns1"}, "full_log": MESSAGE}),
        json.dumps({"_source": {"@timestamp": "2026-09-01T01:15:22Z", "host": "dns1",
                                "event": {"original": MESSAGE}}}),
        json.dumps({"time": "2026-09-01T01:15:22.000000001Z", "stream": "stdout",
                    "log": f"<30>Sep  1 08:15:22 dns1 {MESSAGE}\n"}),
        "<13>Sep  1 08:15:29 relay " + json.dumps({"MESSAGE": MESSAGE, "_HOSTNAME": "dns1",
                    "__REALTIME_TIMESTAMP": str(WHEN)}),
        "[" + json.dumps({"date": WHEN // 1000, "hostname": "dns1", "message": MESSAGE}) + ",",
    ],
)  # fmt: skip
def test_each_wrapper_comes_off(line: str) -> None:
    layer = innermost(line)
    assert (layer.text, layer.when_us, layer.host) == (MESSAGE, WHEN, "dns1")
    assert layer.program == "unbound"


def test_a_document_that_wraps_nothing_is_itself_the_layer() -> None:
    (layer,) = peel(b'<13>Sep  1 08:15:22 fw {"src_ip": "10.20.3.41"}', HANOI, WHEN)
    assert layer.document == {"src_ip": "10.20.3.41"}
    assert (layer.when_us, layer.host) == (WHEN, "fw")


@pytest.mark.parametrize("tag", ["app[7]: ", "app: ", "app: @cee: ", "@cee:", ""])
def test_a_document_behind_the_tag_of_its_program_is_one(tag: str) -> None:
    (layer,) = peel(f'<13>Sep  1 08:15:22 fw {tag}{{"src_ip": "10.20.3.41"}}'.encode(), HANOI, WHEN)
    assert layer.document == {"src_ip": "10.20.3.41"}
    assert layer.host == "fw"


def test_the_outer_document_stays_for_whom_the_inner_message_says_nothing() -> None:
    inner, outer = peel(b'{"message": "Network connection detected", "a": 1}', HANOI, None)
    assert inner.text == "Network connection detected"
    assert outer.document == {"message": "Network connection detected", "a": 1}


@pytest.mark.parametrize(
    "word", ["CEF:0|V|P|1|2|n|3|src=10.20.3.41", "date=2026-09-01", "%ASA-6-302013:", "id=firewall"]
)
def test_a_device_may_leave_out_its_name(word: str) -> None:
    layer = innermost(f"<13>Sep  1 08:15:22 {word} more")
    assert (layer.text, layer.host) == (f"{word} more", "")


def test_structured_data_stays_in_the_message() -> None:
    layer = innermost('<14>1 2026-09-01T01:15:22Z fw RT_FLOW - CREATE [junos@1 a="x ] y"] made')
    assert layer.text == 'RT_FLOW: CREATE [junos@1 a="x ] y"] made'


def test_what_the_senders_syslog_says_of_itself_is_no_part_of_the_message() -> None:
    about = '[timeQuality tzKnown="1"][meta sequenceId="29" ip="192.0.2.9"][origin software="r"]'
    assert innermost(f"<14>1 2026-09-01T01:15:22Z fw - 7 - {about} {MESSAGE}").text == MESSAGE


def test_behind_structured_data_stands_a_message_or_a_document() -> None:
    head = '<14>1 2026-09-01T01:15:22Z fw app 7 ID4 [a@1 b="c"] '
    assert [one.text for one in layers_of(f"{head}{MESSAGE}")] == [
        f'app[7]: ID4 [a@1 b="c"] {MESSAGE}',
        f"app[7]: {MESSAGE}",
    ]
    assert innermost(head + '{"srcip":"10.20.3.41"}').document == {"srcip": "10.20.3.41"}


def test_a_word_that_may_be_the_host_is_shown_as_message_to_who_knows_no_other() -> None:
    named, bare = layers_of("<13>Sep  1 08:15:22 10.20.3.41 - - asked")
    assert (named.text, named.host, named.is_doubtful) == ("- - asked", "10.20.3.41", False)
    assert (bare.text, bare.host, bare.is_doubtful) == ("10.20.3.41 - - asked", "", True)
    both = [named, bare]
    assert list(layers_taken(both, lambda _: True)) == [named]
    assert list(layers_taken(both, lambda one: one.is_doubtful)) == [bare]


def test_a_row_with_named_columns_is_a_document() -> None:
    layers = peel_document(
        {"_time": "2026-09-01T01:15:22Z", "_raw": MESSAGE, "host": "a"}, HANOI, None
    )
    assert (layers[0].text, layers[0].when_us, layers[0].host) == (MESSAGE, WHEN, "a")


@pytest.mark.parametrize(
    "line", [b"", b"\x00\xff\xfe", b"{" * 5000, b'{"message": ' * 400, b"<", b"<999>", b"[[[[",
             b'{"a": 1} {"b": 2}', b"1 <1>" * 1000, b'{"message":"{\\"message\\":\\"\\"}"}']
)  # fmt: skip
def test_a_hostile_line_is_one_layer_at_least(line: bytes) -> None:
    assert peel(line, HANOI, None)


def test_wrappers_in_wrappers_come_to_an_end() -> None:
    line = MESSAGE
    for _ in range(10):
        line = json.dumps({"message": line})
    assert len(peel(line.encode(), HANOI, None)) < 12


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b", 1),
        ("c.d", 2),
        ("c.e.f", 3),
        ("g.0.h", 4),
        ("c.x", None),
        ("g.9.h", None),
        ("a", None),
    ],
)
def test_a_path_reaches_into_a_document(path: str, value: object) -> None:
    document = {"a.b": 1, "c": {"d": 2, "e.f": 3}, "g": [{"h": 4}]}
    assert value_at(document, path) == value


def test_blanks_within_a_broken_document_are_read_in_time() -> None:
    begun = time.process_time()
    peel(b'{"ts":1' + b" " * 65_000 + b"7", HANOI, None)
    assert time.process_time() - begun < 1
