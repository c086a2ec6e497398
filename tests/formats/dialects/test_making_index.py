"""What a line of a dialect cannot do without is in each line that the dialect takes."""

import re

import pytest

from quetsach.formats.dialects.dialect import LineSignature
from quetsach.formats.dialects.making_index import keys_of, literals_of


@pytest.mark.parametrize(
    ("signature", "literals"),
    [
        (LineSignature(all=("a=", "longer=")), ("longer=",)),
        (LineSignature(any=("y", "x")), ("x", "y")),
        (LineSignature(all=("a",), any=("bcd", "efg")), ("bcd", "efg")),
        (LineSignature(regex=re.compile(r"\d+(?:first|other): ")), ("first", "other")),
        (LineSignature(keys=("SrcAddr",)), ()),
        (LineSignature(none=("x",), program=("sshd",)), ()),
    ],
)
def test_the_texts_of_a_signature(signature: LineSignature, literals: tuple[str, ...]) -> None:
    assert literals_of(signature) == literals


def test_the_keys_of_a_signature() -> None:
    assert keys_of(LineSignature(keys=("connection.src_ip", "id"))) == (
        "connection.src_ip",
        "connection",
    )
    assert keys_of(LineSignature(keys=("SrcAddr",))) == ("SrcAddr",)
    assert keys_of(LineSignature(all=("x",))) == ()
