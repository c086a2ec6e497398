"""Flaws of a definition: each is named with its place."""

from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.reading import (
    SHIPPED,
    shipped_form,
)
from quetsach.texts import in_language
from tests.forms.definitions import SHORT, refused

SOUND = (SHIPPED / "phu-luc-2022.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ('code = "phu-luc-2022"', 'code = "other"', "code 'other'"),
        ('id = "proposals"', 'id = "unit"', "occurs twice"),
        ("lines = 3", "lines = 4000", "proposals"),
        ("lines = 3", 'lines = "three"', "lines"),
        ('unit = "people"', 'unit = "heads"', "heads"),
        ('vi = "TT"', 'vi = "TT", en', "TOML"),
        ('kind = "BÁO CÁO"', "", "kind"),
        ('{ vi = "Ghi chú", en = "Remarks" },', "", "length"),
    ],
)
def test_a_flawed_definition_is_refused_with_its_reason(
    tmp_path: Path, found: str, put: str, said: str
) -> None:
    assert SOUND.count(found) == 1
    text = SOUND.replace(found, put)
    (tmp_path / "phu-luc-2022.toml").write_text(text, encoding="utf-8")
    with in_language("en"), pytest.raises(QuetsachError) as caught:
        shipped_form("phu-luc-2022", folder=tmp_path)
    assert caught.value.problem.code == "E402"
    if said != "TOML":
        assert said in caught.value.problem.facts["reason"]


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ('code = "thu"', 'code = "../thu"', "code"),
        ('code = "thu"', 'code = "thu"\nsurprise = 1', "surprise"),
        ('id = "how"', 'id = "how"\nrequird = true', "requird"),
        ('version = "1"', 'version = "1 2"', "version"),
        ('version = "1"', "version = 1", "version"),
        ('version = "1"', 'version = "1"\ndrop_percent = 101', "drop_percent"),
        ('vi = "Máy"', 'vi = ""', "empty"),
        ('vi = "Máy"', 'vi = "M\\u202Eáy"', "printed"),
        ('vi = "Máy"', 'vi = "M\\u0007áy"', "printed"),
        ('vi = "Máy"', f'vi = "{"x" * 1001}"', "longer"),
        ('id = "machines"', 'id = "Machines"', "Machines"),
        ('id = "machines"', 'id = "clean"', "twice"),
        ('kind = "count"\nunit = "machines"\nlabel', 'kind = "count"\nlabel', "without a unit"),
        ('kind = "choice"', 'kind = "text"', "choices"),
        ('kind = "choice"', 'kind = "table"', "choices"),
        ('kind = "choice"', 'kind = "choice"\nunit = "people"', "unit"),
        ('kind = "choice"', 'kind = "choice"\naggregation = "sum"', "cannot be added"),
        ('kind = "choice"', 'kind = "song"', "song"),
        ('aggregation = "sum"', 'aggregation = "distinct_organisations"', "organisations"),
        ('aggregation = "sum"', 'aggregation = "texts"', "cannot be added"),
        ('aggregation = "sum"', 'derived = "DROP TABLE x"', "query"),
        ('[{ id = "a"', '[{ id = "A"', "choice"),
        ('of = ["machines"]', 'of = ["nothing"]', "nothing"),
        ('of = ["machines"]', 'of = ["how"]', "how"),
        ('of = ["machines"]', 'of = ["clean"]', "itself"),
        ('of = ["machines"]', 'of = ["fact:Staff"]', "fact"),
        ('of = ["machines"]', "of = []", "drop"),
        ('field = "clean"\nof', 'field = "how"\nof', "no count"),
        ('rule = "not_more"', 'rule = "drop"', "drop"),
        ('rule = "not_more"', 'rule = "eval"', "eval"),
        ('rule = "not_more"', 'rule = "not_more"\npercent = 200', "percent"),
    ],
)
def test_a_slip_in_a_form_is_named(found: str, put: str, said: str) -> None:
    assert found in SHORT
    assert said in refused(SHORT.replace(found, put, 1).encode())


def test_a_check_compares_no_unlike_units() -> None:
    data = SHORT.replace('unit = "machines"', 'unit = "turns"', 1).encode()
    assert "unlike" in refused(data)
