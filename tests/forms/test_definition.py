"""A definition in use: its blocks, its labels, its queries."""

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.reading import (
    form_digest,
    form_json,
    read_form,
    shipped_form,
)
from tests.forms.definitions import SHORT


def test_a_label_speaks_both_languages() -> None:
    title = shipped_form("phu-luc-2022").title
    assert title.of("vi") == title.vi
    assert title.of("en") == title.en != title.vi


def test_a_query_is_kept_as_a_name_and_nothing_is_run() -> None:
    data = SHORT.replace('aggregation = "sum"', 'derived = "cases.open"').encode()
    entry = read_form(data, "x").entry("clean")
    assert entry is not None
    assert entry.derived == "cases.open"


def test_the_extended_form_is_a_set_of_blocks() -> None:
    whole = shipped_form("phu-luc-mo-rong")
    blocks = [section.id for section in whole.blocks()]
    assert "machines" in blocks
    assert len(blocks) == 15
    chosen = shipped_form("phu-luc-mo-rong", ("cost", "machines"))
    assert [section.number for section in chosen.sections] == ["1", "2", "3", "4"]
    assert [section.id for section in chosen.blocks()] == ["machines", "cost"]
    ids = set(chosen.ids())
    for check in chosen.checks:
        assert {check.field, *(one for one in check.of if ":" not in one)} <= ids
    assert form_digest(chosen) != form_digest(whole)
    assert read_form(form_json(chosen), "x") == chosen
    bare = shipped_form("phu-luc-mo-rong", ())
    assert bare.ids() == shipped_form("phu-luc-2022").ids()


def test_each_block_alone_is_a_sound_form() -> None:
    for section in shipped_form("phu-luc-mo-rong").blocks():
        form = shipped_form("phu-luc-mo-rong", (section.id,))
        assert read_form(form_json(form), section.id) == form


def test_a_block_that_is_not_there_is_refused() -> None:
    with pytest.raises(QuetsachError, match="E402"):
        shipped_form("phu-luc-mo-rong", ("moon",))
