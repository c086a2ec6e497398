"""Tags that every page has at hand."""

import pytest
from django import forms
from django.template import engines
from django.utils import timezone

from quetsach_portal.web.templatetags.web import age, share, tag

pytestmark = pytest.mark.django_db


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert share(999, 1000) == "99 %"
    assert share(1000, 1000) == "100 %"
    assert share(0, 0) == "–"
    assert share(None, 3) == "–"


def test_an_age_is_told_in_days() -> None:
    assert age(None) == "–"
    assert "3" in age(timezone.now() - timezone.timedelta(days=3, hours=5))


@pytest.mark.asvs("V1.1.2")
def test_a_tag_escapes_what_it_shows() -> None:
    assert "<b>" not in tag("<b>x</b>", "no-such-tone")
    assert "tag-calm" in tag("x", 'bad" onclick="')


def test_the_error_summary_leads_to_the_field() -> None:
    class OneField(forms.Form):
        number = forms.CharField()

    form = OneField({"number": ""})
    shown = engines["django"].from_string("{% error_summary form %}").render({"form": form})
    assert 'href="#id_number"' in shown
    assert 'role="alert"' in shown
