"""An end after translation is kept where it differs, and only there."""

from typing import Any

import pytest

from quetsach.formats.shared.values import set_end, set_translation


@pytest.mark.parametrize(
    ("ip", "port", "kept"),
    [
        ("198.51.100.5", "40112", {"source.nat.ip": "198.51.100.5", "source.nat.port": 40112}),
        ("10.20.3.41", "40112", {"source.nat.ip": "10.20.3.41", "source.nat.port": 40112}),
        ("198.51.100.5", "0", {"source.nat.ip": "198.51.100.5"}),
        ("198.51.100.5", None, {"source.nat.ip": "198.51.100.5"}),
        ("10.20.3.41", "51544", {}),
        ("10.20.3.41", "0", {}),
        ("0.0.0.0", "0", {}),
        ("a host", "40112", {}),
        (None, "40112", {}),
    ],
)
def test_translation_is_what_differs(
    ip: str | None, port: str | None, kept: dict[str, Any]
) -> None:
    record: dict[str, Any] = {}
    set_end(record, "source", "10.20.3.41", "51544")
    before = dict(record)
    set_translation(record, "source", ip, port)
    assert record == before | kept


def test_end_that_cannot_be_read_is_left_out() -> None:
    record: dict[str, Any] = {}
    set_end(record, "source", "999.1.1.1", "99999")
    assert record == {}
