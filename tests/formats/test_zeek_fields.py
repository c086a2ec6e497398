"""Zeek's names: how sites write them, which log they are of, and what they fill."""

from typing import Any

import pytest

from quetsach.formats import zeek_fields


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("id.orig_h", "source.ip"),
        ("id_orig_h", "source.ip"),
        ("query", "dns.question.name"),
        ("server_name", "tls.client.server_name"),
        ("no_such_column", None),
        ("", None),
    ],
)
def test_a_column_fills_its_field_in_each_spelling(name: str, field: str | None) -> None:
    target = zeek_fields.target(name)
    assert (target[0] if target else None) == field


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (["ts", "id.orig_h", "conn_state"], "conn"),
        (["ts", "query", "qtype_name"], "dns"),
        (["ts", "something"], None),
        ([], None),
    ],
)
def test_the_log_is_told_from_its_columns(names: list[str], path: str | None) -> None:
    assert zeek_fields.guess(names) == path


@pytest.mark.parametrize("strange", [None, "", [], {}, -1, "x" * 9999, ["a", 1]])
def test_strange_content_of_a_column_never_raises(strange: Any) -> None:
    for path in ("conn", "dns", "http", "ssl", "files", "dhcp", "smtp"):
        record: dict[str, Any] = {}
        zeek_fields.complete(record, dict.fromkeys(zeek_fields.INDIRECT, strange), path)
        assert all(content is not None for content in record.values())
