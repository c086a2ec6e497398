"""The forms of the gate take what an act needs, and no row of another version."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from quetsach_portal.lists.forms import HoldForm, NewVersionForm, RowsForm, VersionActForm


def test_rows_of_another_version_are_no_choice() -> None:
    good = RowsForm({"rows": ["1"], "decision": "drop", "until": "05/12/2026"}, rows=[1, 2])
    assert good.is_valid()
    assert good.cleaned_data["rows"] == [1]
    for wrong in ({"rows": ["3"]}, {"rows": ["x"]}, {"decision": "kill"}, {"until": "nay"}):
        assert not RowsForm({"rows": ["1"], **wrong}, rows=[1, 2]).is_valid()


def test_what_is_chosen_without_thought_accuses_nobody() -> None:
    assert RowsForm(rows=[1])["decision"].value() == "watch"


def test_a_hold_names_a_row_or_all_of_the_version() -> None:
    for more in ({"key": "a.example"}, {"whole": "on"}):
        assert HoldForm({"reason": "nhầm", **more}).is_valid()
    for more in ({}, {"key": "a.example", "whole": "on"}):
        assert set(HoldForm({"reason": "nhầm", **more}).errors) == {"key"}


def test_an_act_is_one_of_those_that_there_are() -> None:
    assert VersionActForm({"act": "propose"}).is_valid()
    assert not VersionActForm({"act": "delete"}).is_valid()
    assert not VersionActForm({"act": "refuse", "reason": "x" * 301}).is_valid()


def test_a_version_has_a_title_and_at_least_one_file() -> None:
    files = MultiValueDict({"lists": [SimpleUploadedFile("a.txt", b"a.example\n")]})
    assert NewVersionForm({"title": "Đợt 2"}, files).is_valid()
    assert not NewVersionForm({"title": ""}, files).is_valid()
    assert not NewVersionForm({"title": "Đợt 2"}, MultiValueDict()).is_valid()
