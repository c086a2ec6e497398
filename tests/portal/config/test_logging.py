"""A log line holds no token, code, query, mail address or whole network address."""

import json
import logging

import pytest
from django.test import RequestFactory

from quetsach_portal.config.logging import LONGEST, JsonLines, discreet


@pytest.mark.asvs("V16.2.5")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Not Found: /account/invitation/a-b_c9/", "Not Found: /account/invitation/…/"),
        ("Gone: /account/password/reset/key/1a-xyz123/", "Gone: /account/password/reset/key/…/"),
        ("Not Found: /join/k7m2p9q4/thanks", "Not Found: /join/…/thanks"),
        ("Not Found: /x/MTIz:1sAbCd:Qx7Yz_-abcdefgh0123/", "Not Found: /x/…/"),
        (
            "Referer checking failed - https://a.example/x?token=1&b=2 does not match",
            "Referer checking failed - https://a.example/x?… does not match",
        ),
        ("with qs_AbCdEf-123_456 it", "with qs_… it"),
        ("Key (email)=(nguyen.van-a@coquan.example) already", "Key (email)=(…@…) already"),
        ("from 203.0.113.77:443", "from 203.0.113.0:443"),
        ("from 2001:db8:1:2::77, at 23:57:48", "from 2001:db8:1::, at 23:57:48"),
        ("from ::ffff:203.0.113.77.", "from ::."),
        ("line 12, in f\n  x = a[1:2]", "line 12, in f\n  x = a[1:2]"),
    ],
)
def test_what_opens_something_or_names_somebody_is_left_out(text: str, told: str) -> None:
    assert discreet(text) == told


@pytest.mark.asvs("V1.3.12")
@pytest.mark.parametrize("text", ["?" * 50_000, "a@" * 30_000, "1." * 30_000, ":" * 60_000])
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    assert len(discreet(text)) <= 2 * LONGEST


@pytest.mark.asvs("V16.4.1")
def test_a_line_is_discreet_in_all_its_parts() -> None:
    try:
        raise ValueError("a@coquan.example sent qs_0123456789")
    except ValueError as error:
        raised = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("django.request", 30, "", 1, "Gone: %s", ("/join/abc/",), raised)
    record.request = RequestFactory().get("/account/invitation/geheim/?next=/x")
    record.said = "203.0.113.9"
    line = JsonLines().format(record)
    for secret in ("geheim", "abc", "coquan", "0123456789", "203.0.113.9", "next"):
        assert secret not in line
    assert json.loads(line)["path"] == "/account/invitation/…/"
    assert json.loads(line)["said"] == "203.0.113.0"


def test_P3_a_token_in_an_address_does_not_stand_in_the_log() -> None:
    record = logging.makeLogRecord({"msg": "Internal Server Error", "levelname": "ERROR"})
    secret = "k" * 43
    record.request = RequestFactory().get(f"/calendar/{secret}.ics")
    line = json.loads(JsonLines().format(record))
    assert line["path"] == "/calendar/….ics"


@pytest.mark.asvs("V16.2.2", "V16.2.4")
def test_a_line_is_json_with_a_time_of_utc() -> None:
    record = logging.makeLogRecord({"msg": "x", "levelname": "ERROR", "created": 1_790_000_000.5})
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["at"] == "2026-09-21T14:13:20.500+00:00"
