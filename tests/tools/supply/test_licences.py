"""Licences are judged by their expression, against a table that fits Apache-2.0."""

import pytest

from tools.supply.licences import read_table, reasons_used, refused, spdx

TABLE = read_table()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", ()),
        ("GPL-3.0-only", ("GPL-3.0-only",)),
        ("AGPL-3.0-or-later", ("AGPL-3.0-or-later",)),
        ("LGPL-2.1-only", ("LGPL-2.1-only",)),
        ("GPL-2.0-only OR MIT", ()),
        ("GPL-2.0-only AND MIT", ("GPL-2.0-only",)),
        ("MIT AND (GPL-2.0-only OR SSPL-1.0)", ("GPL-2.0-only", "SSPL-1.0")),
        ("Apache-2.0 WITH LLVM-exception", ()),
        ("GPL-2.0-only WITH Classpath-exception-2.0",) * 1
        + (("GPL-2.0-only WITH Classpath-exception-2.0",),),
    ],
)
def test_of_a_choice_one_is_enough_and_together_all_must_be_allowed(
    expression: str, expected: tuple[str, ...]
) -> None:
    assert refused(expression, TABLE) == expected


def test_what_is_no_expression_is_none() -> None:
    assert spdx("MIT/Apache-2.0") == "MIT OR Apache-2.0"
    assert [spdx(text) for text in ("BSD", "Dual License", "", "MIT AND", "PSFL")] == [""] * 5


def test_weak_copyleft_is_used_for_a_reason_only() -> None:
    assert reasons_used("LGPL-3.0-only AND MIT", TABLE) == ("LGPL-3.0-only",)
    assert reasons_used("MPL-2.0 OR MIT", TABLE) == ()
    assert not TABLE.allowed & TABLE.with_reason.keys()
    assert not any("GPL" in name for name in TABLE.allowed)
