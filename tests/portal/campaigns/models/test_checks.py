"""Faults that a dry run finds, in words."""

import ast
import inspect

import pytest
from django.utils import translation

from quetsach_portal.campaigns.models.checks import FAULTS
from quetsach_portal.followup import mails
from quetsach_portal.lifecycle import dry_run


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_has_a_text_in_both_languages(code: str) -> None:
    texts = []
    for language in ("en", "vi"):
        with translation.override(language):
            texts.append(str(FAULTS[code]))
    assert len(set(texts)) == 2, "not translated"
    assert len(code) <= 40


def test_the_codes_that_are_reported_are_those_with_a_text() -> None:
    reported = set()
    for module in (dry_run, mails):
        tree = ast.parse(inspect.getsource(module))
        reported |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and node.value in FAULTS
        }
    assert reported == set(FAULTS)
