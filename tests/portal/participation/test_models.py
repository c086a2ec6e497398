"""Rows of participation identify nobody; codes are long and random."""

import pytest
from django.test import Client

from quetsach_portal.participation.models import JoinCounter, UsedTicket
from tests.portal.participation.joining import press

pytestmark = pytest.mark.django_db


def test_P6_no_cookie_is_set_and_no_row_knows_who_it_was(world, codes) -> None:
    client = Client()
    press(client, codes["relative"], REMOTE_ADDR="198.51.100.7")
    assert not client.cookies
    names = {
        field.name
        for model in (JoinCounter, UsedTicket)
        for field in model._meta.get_fields()
        if field.concrete
    }
    assert not names & {"ip", "user", "session", "device", "agent", "code"}


def test_A8_codes_are_long_and_random(world, codes) -> None:
    assert len({one.code for one in codes.values()}) == 3
    assert all(len(one.code) == 26 for one in codes.values())
