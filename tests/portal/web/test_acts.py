"""An act that is refused says why beside the field or on the next page."""

import pytest
from django import forms

from quetsach_portal.web.acts import Refused, attempt

pytestmark = pytest.mark.django_db


class OneField(forms.Form):
    number = forms.CharField()


def test_what_an_act_refuses_stands_beside_its_field() -> None:
    def refuse() -> None:
        raise Refused("too many", field="number")

    form = OneField({"number": "5"})
    assert form.is_valid()
    assert attempt(form, refuse) is None
    assert form.errors["number"] == ["too many"]
