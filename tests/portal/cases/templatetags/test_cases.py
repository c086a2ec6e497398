"""Codes of cases as words: each that is known, and an unknown one as it is."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from quetsach_portal.cases.templatetags.cases import WORDS


def shown(tag: str, **values: object) -> str:
    with translation.override("en"):
        return Template("{% load cases %}{% " + tag + " %}").render(Context(values))


@pytest.mark.parametrize("tag", WORDS)
def test_each_code_has_words_and_an_unknown_one_stands_as_it_is(tag: str) -> None:
    for code, words in WORDS[tag].items():
        with translation.override("en"):
            assert shown(f"{tag} code", code=code) == str(words).replace("'", "&#x27;")
    assert shown(f"{tag} code", code="<x>") == "&lt;x&gt;"


def test_a_due_day_is_the_last_one_in_time_and_is_marked_once_it_has_passed() -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    coming, past = midnight + timedelta(days=3), midnight - timedelta(days=3)
    assert shown("due_tag at", at=coming) == f"{coming - timedelta(days=1):%d/%m/%Y}"
    assert f"{past - timedelta(days=1):%d/%m/%Y}" in shown("due_tag at", at=past)
    assert "late" in shown("due_tag at", at=past)
    assert shown("due_tag at", at=None) == "–"


def test_a_log_that_is_missing_is_named_in_words() -> None:
    assert "NAT" in shown("missing_word name", name="translation")
    assert shown("missing_words names", names=[]) == "–"
