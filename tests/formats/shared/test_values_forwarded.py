"""X-Forwarded-For: the last inside address, and nothing that only looks like one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.registry import by_name
from quetsach.formats.shared.values import forwarded_ip
from tests.formats.golden import read


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("10.20.3.41", "10.20.3.41"),
        ("192.0.2.7, 10.20.3.41", "10.20.3.41"),
        ("10.20.3.41, 192.0.2.7", "10.20.3.41"),
        # A client that writes the header itself would have another machine blamed.
        ("10.20.3.99, 10.20.3.41", "10.20.3.41"),
        ("for=10.20.3.99, for=10.20.3.41;by=10.20.1.8;host=10.20.1.9", "10.20.3.41"),
        (["X-FORWARDED-FOR -> 10.20.3.99", "X-FORWARDED-FOR -> 10.20.3.41"], "10.20.3.41"),
        ("X-FORWARDED-FOR -> 10.20.3.41", "10.20.3.41"),
        (["VIA -> 1.1 proxy", "X-FORWARDED-FOR -> 172.16.0.9"], "172.16.0.9"),
        ("10.20.3.41:51544", "10.20.3.41"),
        ('for="[fd00::5]:4711"', "fd00::5"),
        ("100.64.3.4", "100.64.3.4"),
        ("unknown, 192.0.2.7", None),
        ("172.32.0.1", None),
        ("10.20.3.999", None),
        ("10.20.3.41.example", None),
        ("-", None),
        (None, None),
        (5, None),
        ("x," * 2_000_000 + "10.20.3.41", "10.20.3.41"),
    ],
)
def test_last_inside_address_is_taken(value: Any, found: str | None) -> None:
    assert forwarded_ip(value) == found


@given(st.text(max_size=200))
def test_any_text_gives_an_address_or_none(text: str) -> None:
    found = forwarded_ip(text)
    assert found is None or forwarded_ip(found) == found


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            "zeek-tsv",
            "#separator \\x09\n#set_separator\t,\n#path\thttp\n#fields\tts\tid.orig_h\tproxied\n"
            "1788225322.0\t10.20.1.8\tVIA -> 1.1 p,X-FORWARDED-FOR -> 10.20.3.41\n",
        ),
        (
            "zeek-json",
            '{"ts":1788225322.0,"id.orig_h":"10.20.1.8","uri":"/",'
            '"proxied":["VIA -> 1.1 p","X-FORWARDED-FOR -> 10.20.3.41"]}\n',
        ),
        (
            "suricata-eve",
            '{"timestamp":"2026-09-01T08:15:22.1+0700","event_type":"http","src_ip":"10.20.1.8",'
            '"http":{"hostname":"bad.example","url":"/","xff":"10.20.3.41"}}\n',
        ),
        (
            "suricata-eve",
            '{"timestamp":"2026-09-01T08:15:22.1+0700","event_type":"alert","src_ip":"10.20.1.8",'
            '"xff":"10.20.3.41, 192.0.2.7"}\n',
        ),
    ],
)
def test_sensors_tell_the_client_behind_a_proxy(form: str, text: str) -> None:
    (_, event), *_ = read(by_name(form), text.encode()).events
    assert event["source.ip"] == "10.20.1.8"
    assert event["network.forwarded_ip"] == "10.20.3.41"
