"""Names that lead elsewhere, hide what they are or occur twice are told from good ones."""

import pytest

from quetsach.containers.names import (
    LONGEST_NAME,
    NameFlaw,
    NameRegister,
    flaw_of,
    key_of,
    printable_name,
)
from quetsach.containers.refusal import RefusalCode


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("../../etc/cron.d/x", NameFlaw.OUTSIDE),
        ("a/../../x", NameFlaw.OUTSIDE),
        ("..\\..\\x", NameFlaw.OUTSIDE),
        ("/etc/passwd", NameFlaw.ABSOLUTE),
        ("C:\\Windows\\x", NameFlaw.ABSOLUTE),
        ("c:x", NameFlaw.ABSOLUTE),
        ("\\\\192.0.2.1\\x", NameFlaw.ABSOLUTE),
        ("a\nb", NameFlaw.CONTROL),
        ("a\x1b[31m", NameFlaw.CONTROL),
        ("a.log\x00.exe", NameFlaw.CONTROL),
        ("nhat-ky\u202egpj.exe", NameFlaw.TURNED),
        ("x\u2066y", NameFlaw.TURNED),
        ("a" * (LONGEST_NAME + 1), NameFlaw.LONG),
        ("", NameFlaw.NAMELESS),
        ("...", NameFlaw.NAMELESS),
        ("..", NameFlaw.NAMELESS),
        ("./", None),
        (".", None),
        ("./a.log", None),
        ("Phòng VH&TT/nhật ký.log", None),
        ("fw1\\conn.log", None),
        ("12:30.log", None),
        ("a..b/c", None),
        ("a" * LONGEST_NAME, None),
    ],
)
def test_the_flaw_of_a_name_is_named(name: str, flaw: NameFlaw | None) -> None:
    assert flaw_of(name, name.encode()) is flaw


def test_a_NUL_counts_where_it_is_stored_though_no_longer_shown() -> None:
    assert flaw_of("a.log", b"a.log\x00.exe") is NameFlaw.CONTROL


def test_names_that_unpack_to_one_file_are_equal() -> None:
    register = NameRegister(any_name=False, fold_case=False)
    assert register.refusal_of("fw1/a.log", b"fw1/a.log") is None
    for same in ("fw1\\a.log", "./fw1/a.log", "fw1//a.log"):
        refusal = register.refusal_of(same, same.encode())
        assert refusal is not None
        assert refusal.code is RefusalCode.DUPLICATE
    assert register.refusal_of("FW1/a.log", b"FW1/a.log") is None


def test_composed_and_decomposed_letters_are_one_name() -> None:
    assert key_of("nhật", fold_case=False) == key_of("nha\u0323\u0302t", fold_case=False)


def test_case_counts_only_where_the_reader_keeps_it() -> None:
    register = NameRegister(any_name=False, fold_case=True)
    assert register.refusal_of("xl/Workbook.xml", b"-") is None
    assert register.refusal_of("XL/workbook.XML", b"-") is not None


def test_a_reader_that_only_shows_names_accepts_any_but_none_twice() -> None:
    register = NameRegister(any_name=True, fold_case=False)
    assert register.refusal_of("../../x", b"../../x") is None
    refusal = register.refusal_of("../../x", b"../../x")
    assert refusal is not None
    assert refusal.code is RefusalCode.DUPLICATE


def test_a_shown_name_is_one_short_line_without_turns() -> None:
    assert printable_name("a\nb\u202ec") == "a\ufffdb\ufffdc"
    assert printable_name("") == "?"
    assert len(printable_name("x" * 5000)) == 120


def test_the_refusal_of_an_unsafe_name_carries_its_flaw() -> None:
    refusal = NameRegister(any_name=False, fold_case=True).refusal_of("../x\n", b"../x\n")
    assert refusal is not None
    assert refusal.facts == {"member": "../x\ufffd", "flaw": NameFlaw.CONTROL}
