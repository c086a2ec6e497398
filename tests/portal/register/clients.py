"""Browsers of the people of a district, and the fields of a split."""

from collections.abc import Callable

from django.test import Client

from quetsach_portal.people.models.roles import Role

ClientOf = Callable[[str, Role], Client]

SPLIT = {"name_1": "Xã Y", "code_1": "Y1", "name_2": "Xã Z", "code_2": "Z1"}
