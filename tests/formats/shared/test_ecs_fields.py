"""One converter a field: what cannot be its value is none."""

import pytest

from quetsach.formats.shared.ecs_fields import CONVERT, says_nothing
from quetsach.schema import EVENT


def test_every_converter_is_of_a_field_of_the_schema() -> None:
    assert set(CONVERT) <= set(EVENT.names)


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        ("source.ip", "010.1.1.1", None),
        ("source.ip", "0.0.0.0", None),
        ("source.ip", "::ffff:10.20.3.41", "10.20.3.41"),
        ("source.port", "65536", None),
        ("source.port", 443, 443),
        ("dns.question.name", "bad.example.", "bad.example"),
        ("dns.question.name", "two words", None),
        ("destination.domain", "a=b", None),
        ("file.hash.md5", "0CC175B9C0F1B6A831C399E269772661", "0cc175b9c0f1b6a831c399e269772661"),
        ("file.hash.md5", "0CC1", None),
        ("source.mac", "ff:ff:ff:ff:ff:ff", None),
        ("source.mac", "00:17:a4:b2:c3:d4", "00-17-A4-B2-C3-D4"),
        ("network.transport", "6", "tcp"),
        ("url.domain", " ", None),
        ("event.action", "-", None),
    ],
)
def test_a_value_is_read_or_none(field: str, written: object, value: object) -> None:
    assert CONVERT[field](written) == value


def test_a_record_without_any_end_says_nothing() -> None:
    assert says_nothing({"event.dataset": "a", "@timestamp": 1, "source.port": 5})
    assert not says_nothing({"dns.question.name": "bad.example"})
