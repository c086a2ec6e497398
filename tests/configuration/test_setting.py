"""A value is of its setting's kind, and is the same in a file and in a variable."""

import os
from pathlib import Path

import pytest

from quetsach.configuration.setting import (
    Setting,
    SettingKind,
    SettingValue,
    as_variable,
    from_variable,
    value_fits,
    value_of,
)


def setting(kind: SettingKind, **more: tuple[str, ...]) -> Setting:
    return Setting("a", kind, "A", "-", "-", **more)  # type: ignore[arg-type]  # only words differ


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (SettingKind.TEXT, ["", "x"], [1, True, ["x"], {}, "a\0b", 1.5]),
        (SettingKind.NUMBER, [0, 25], ["25", True, -1, 2.5]),
        (SettingKind.SWITCH, [True, False], [0, "true", []]),
        (SettingKind.LIST, [[], ["a"]], ["a", [1], [["a"]]]),
        (SettingKind.PATH, ["/x"], [["/x"], 1]),
        (SettingKind.PATHS, [["/x", "y"]], ["/x", [True]]),
    ],
)
def test_only_values_of_its_kind_are_taken(
    kind: SettingKind, right: list[object], wrong: list[object]
) -> None:
    assert all(value_fits(setting(kind), content) for content in right)
    assert not any(value_fits(setting(kind), content) for content in wrong)


def test_a_choice_is_one_of_its_words() -> None:
    chosen = setting(SettingKind.TEXT, choices=("vi", "en"))
    assert value_fits(chosen, "vi")
    assert not value_fits(chosen, "fr")
    assert from_variable(chosen, "fr") is None


def test_paths_are_those_beside_the_file_and_the_shipped_lists_keep_their_name() -> None:
    home = Path("/srv/office")
    paths = value_of(setting(SettingKind.PATHS), ["misp", "a.csv", "/b", "s3://c/d"], home)
    assert paths == ("misp", str(home / "a.csv"), str(Path("/b")), "s3://c/d")
    assert value_of(setting(SettingKind.PATH), "~/x", home) == str(Path("~/x").expanduser())


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (SettingKind.TEXT, "a", "a"),
        (SettingKind.NUMBER, 7, "7"),
        (SettingKind.LIST, ("a", "b"), "a,b"),
        (SettingKind.PATHS, ("a,b", "c"), f"a,b{os.pathsep}c"),
        (SettingKind.SWITCH, True, "1"),
        (SettingKind.SWITCH, False, "0"),
    ],
)
def test_a_variable_says_the_same(kind: SettingKind, value: SettingValue, text: str) -> None:
    assert as_variable(setting(kind), value) == text
    assert from_variable(setting(kind), text) == value


def test_a_variable_that_says_nothing_of_the_kind_is_refused() -> None:
    assert from_variable(setting(SettingKind.NUMBER), "two") is None
    assert from_variable(setting(SettingKind.NUMBER), "٣") is None
    assert from_variable(setting(SettingKind.SWITCH), "yes") is None
