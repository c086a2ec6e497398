"""YAML of strangers: values as they are written, or a reason."""

import pytest

from quetsach.indicators.formats.strict_yaml import read_documents
from quetsach.texts import use_language


def test_values_are_strings_as_they_are_written() -> None:
    assert read_documents("a: 22\nb: [yes, 2022-09-28, ~]\n---\n- x\n") == [
        {"a": "22", "b": ["yes", "2022-09-28", "~"]},
        ["x"],
    ]
    assert read_documents("") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x 1\nb: *x\n", "aliases"),
        ("a: !!int 1\n", "tags"),
        ("[" * 60 + "]" * 60, "deep"),
        ("a: 1\n b: 2\n", "not allowed"),
        ("? [a]\n: 1\n", "unhashable"),
    ],
)
def test_what_is_not_read_has_a_reason(text: str, reason: str) -> None:
    use_language("en")
    documents = read_documents(text)
    assert isinstance(documents, str)
    assert reason in documents
