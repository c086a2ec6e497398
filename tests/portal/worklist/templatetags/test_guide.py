"""The `?` beside a heading."""

import pytest
from django.utils import translation

from quetsach_portal.worklist.templatetags.guide import help_on


def test_a_mark_leads_to_its_subject_and_says_which_it_is() -> None:
    with translation.override("vi"):
        mark = help_on("nil")
    assert 'href="/help/subjects/#nil"' in mark
    assert "Trợ giúp: Báo cáo khi chưa kiểm tra được máy nào" in mark


def test_a_subject_that_is_none_is_an_error_and_no_dead_link() -> None:
    with pytest.raises(KeyError):
        help_on("nothing-of-the-kind")
