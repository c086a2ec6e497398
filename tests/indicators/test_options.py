"""The saved column map: what is wrong with it is named, and what is written is read back."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import IndicatorClass, Tlp
from quetsach.indicators.options import (
    ColumnMap,
    SenderConstants,
    TableMarks,
    ValueColumn,
    column_map_of,
    plain_heading,
    read_column_maps,
    text_of_evidence_map,
    toml_of,
)
from quetsach.texts import language, use_language


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


GOOD = 'sender = "A"\n[recognise]\nheadings = ["x", "y"]\n[[value]]\ncolumn = "X"\n'


def test_every_field_comes_back_as_it_was_written() -> None:
    whole = ColumnMap(
        sender='Cục "A" \\ \x7f',
        recognise=TableMarks(("STT", "Tên miền", "Cổng"), "ds-*.csv"),
        value=(ValueColumn("Tên miền", "name", "exact"), ValueColumn(1)),
        columns={"port": "Cổng", "class": 1},
        constants=SenderConstants(IndicatorClass.C2, "Emotet", "đợt 7", 0, Tlp.AMBER_STRICT),
        class_words={"máy chủ điều khiển": IndicatorClass.C2},
        delimiter="\t",
        encoding="utf-8",
        sheet="Phụ lục 1",
        date_format="%d/%m/%Y",
    )
    assert column_map_of(toml_of(whole), "m") == whole


def test_a_short_map_needs_no_more_than_its_marks_and_one_column() -> None:
    found = column_map_of(GOOD, "m")
    assert (found.value[0].kind, found.delimiter, found.constants.of_class) == (
        "any",
        "",
        "unknown",
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sender = ", "Invalid value"),
        (GOOD + "colour = 1\n", "colour"),
        (GOOD.replace('"A"', '" "'), "sender"),
        (GOOD.replace("[[value]]\ncolumn", "[columns]\nport"), "value"),
        (GOOD.replace('["x", "y"]', "[]"), "recognised"),
        (GOOD.replace('"X"', '"Z"'), "Z"),
        (GOOD.replace('"X"', "3"), "3"),
        (GOOD.replace('"X"', "0"), "0"),
        (GOOD.replace('"X"', '"X"\nkind = "mutex"'), "kind"),
        (GOOD + '[columns]\nport = "no"\n', "no"),
        (GOOD + '[constants]\nclass = "worst"\n', "class"),
        ('encoding = "vni"\n' + GOOD, "vni"),
        ('encoding = "base64"\n' + GOOD, "base64"),
        ('delimiter = ";;"\n' + GOOD, "delimiter"),
        ("a = " + "[" * 5000, ""),
        ("a = " + "9" * 5000, ""),
    ],
)
def test_an_unsound_map_is_named_with_what_is_wrong(text: str, word: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        column_map_of(text, "map.toml")
    problem = caught.value.problem
    assert (problem.code, problem.where) == ("E218", "map.toml")
    assert word in problem.facts["reason"]


def test_maps_of_evidence_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    text = 'table = "x"\n[fields]\n"source.ip" = "IP"\n'
    (tmp_path / "evidence.toml").write_text(text, encoding="utf-8")
    assert read_column_maps([tmp_path]) == ()
    assert text_of_evidence_map(tmp_path / "evidence.toml") == text
    assert text_of_evidence_map(tmp_path / "gone.toml") is None
    with pytest.raises(QuetsachError, match="E218"):
        read_column_maps([tmp_path / "evidence.toml"])


def test_a_folder_stands_for_its_maps_and_none_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match="E218"):
        read_column_maps([tmp_path])
    for name in ("b", "a"):
        (tmp_path / f"{name}.toml").write_text(GOOD.replace('"A"', f'"{name}"'))
    assert [one.sender for one in read_column_maps([tmp_path])] == ["a", "b"]


def test_a_file_that_is_none_or_too_long_is_named(tmp_path: Path) -> None:
    for content in (b"\xff\xfe", b"#" * 300_000):
        (tmp_path / "m.toml").write_bytes(content)
        with pytest.raises(QuetsachError, match="E218"):
            read_column_maps([tmp_path / "m.toml"])
    with pytest.raises(QuetsachError, match="E218"):
        read_column_maps([tmp_path / "none.toml"])


@pytest.mark.parametrize(
    "written",
    ["Chỉ báo", " CHỈ BÁO ", "chỉ_báo", "Chỉ\n báo", "\ufeffChỉ-báo",
     unicodedata.normalize("NFD", "Chỉ báo")],
)  # fmt: skip
def test_case_blanks_and_loose_marks_make_no_difference(written: str) -> None:
    assert plain_heading(written) == "chỉ báo"
