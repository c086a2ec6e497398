"""A log line tells where something went wrong, and opens no door (P3)."""

import json
import logging

from django.test import RequestFactory

from quetsach_portal.config.log_lines import JsonLines


def test_P3_a_token_in_an_address_does_not_stand_in_the_log() -> None:
    record = logging.makeLogRecord({"msg": "Internal Server Error", "levelname": "ERROR"})
    secret = "k" * 43
    record.request = RequestFactory().get(f"/calendar/{secret}.ics")
    line = json.loads(JsonLines().format(record))
    assert line["path"] == "/calendar/….ics"
