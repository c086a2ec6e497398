"""Default, files and environment: which goes before which, and where a value came from."""

from pathlib import Path

import pytest

from quetsach.configuration.layers import merged, problems_of, resolved, variables
from quetsach.configuration.setting import Setting, SettingKind
from quetsach.errors.exceptions import QuetsachError

SETTINGS = (
    Setting("a", SettingKind.TEXT, "VAR_A", "-", "-"),
    Setting("b", SettingKind.NUMBER, "VAR_B", "-", "-"),
    Setting("c", SettingKind.LIST, "VAR_C", "-", "-"),
    Setting("d", SettingKind.SWITCH, "VAR_D", "-", "-", words=("off", "on")),
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    own, system = tmp_path / "own.toml", tmp_path / "system.toml"
    own.write_text("a = 'own'\n")
    system.write_text("a = 'system'\nb = 1\nc = ['x', 'y']\nd = true\n")
    return [own, system]


def test_the_own_file_goes_before_the_systems_and_a_variable_before_both(
    files: list[Path],
) -> None:
    found = resolved(SETTINGS, merged(files, SETTINGS), {"VAR_B": "7", "VAR_C": ""})
    assert [(one.value, one.origin) for one in found] == [
        ("own", f"{files[0]}:1"),
        (7, "VAR_B"),
        (None, "VAR_C"),
        (True, f"{files[1]}:4"),
    ]


def test_what_nobody_says_is_the_default() -> None:
    assert [(one.value, one.origin) for one in resolved(SETTINGS, {}, {})] == [(None, "")] * 4


def test_a_variable_that_makes_no_sense_is_refused_by_its_name() -> None:
    with pytest.raises(QuetsachError) as caught:
        resolved(SETTINGS, {}, {"VAR_D": "yes"})
    assert (caught.value.problem.code, caught.value.problem.where) == ("E622", "VAR_D")


def test_files_as_variables(files: list[Path]) -> None:
    said = variables(SETTINGS, merged(files, SETTINGS))
    assert said == {"VAR_A": "own", "VAR_B": "1", "VAR_C": "x,y", "VAR_D": "on"}
    again = resolved(SETTINGS, {}, said)
    assert [one.value for one in again] == ["own", 1, ("x", "y"), True]


def test_the_problems_of_all_files_are_listed(files: list[Path]) -> None:
    files[0].write_text("e = 1\n")
    files[1].write_text("b = 'x'\n")
    files[1].chmod(0o666)
    codes = [problem.code for problem in problems_of(files, SETTINGS)]
    assert codes == ["E624", "E625"]
