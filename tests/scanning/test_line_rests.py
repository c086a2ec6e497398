"""A host goes out of a line only where it stands alone, and only if it is all that it says."""

import random

import pytest

from quetsach.scanning.line_rests import (
    APART,
    dotted_runs,
    has_wide_name,
    is_all_it_says,
    lines_taken_out,
    taken_out,
)
from quetsach.sieve.kernel import rust_available


def _left(line: bytes, token: bytes) -> bytes:
    return taken_out(line, token, token.translate(APART))


@pytest.mark.parametrize(
    "line", [b"a.test", b"x\ta.test\ty", b'"a.test"', b"(a.test)", b"/a.test/b", b"a.test:53 "]
)
def test_a_host_alone_goes_and_its_labels_stay(line: bytes) -> None:
    assert _left(line, b"a.test") == line.replace(b"a.test", b"a test")


@pytest.mark.parametrize(
    "line",
    [
        *(b"xa.test", b"a.test.x", b"(3)a.test", b"a.test(3)", b"%a.test", b"a.test%2ex"),
        *(b"a.test\\.b", b"-a.test", b"a.test:53:1", b":a.test", b"a.test\xc3\xa9", b"none"),
        b"a.testa.test",
    ],
)
def test_a_host_in_company_stays(line: bytes) -> None:
    assert _left(line, b"a.test") == line


def test_each_place_is_looked_at_by_itself() -> None:
    assert _left(b"a.test xa.test,a.test", b"a.test") == b"a test xa.test,a test"
    assert _left(b"2001:db8::7 [2001:db8::7]:53", b"2001:db8::7") == (
        b"2001 db8  7 [2001 db8  7]:53"
    )


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0cc175b9c0f1b6a831c399e269772661.test", None),
        ("x-203.0.113.7", None),
        ("203.0.113.7.443", None),
        ("203.0.113.7.", None),
        ("2001:db8::1:9", "2001:db8::1:9"),
    ],
)
def test_what_says_more_than_itself_never_goes(host: str, address: str | None) -> None:
    assert not is_all_it_says(host, address)
    assert is_all_it_says("a.test", None)
    assert is_all_it_says("203.0.113.7", "203.0.113.7")


def test_names_with_letters_outside_ascii_are_seen_in_codes_too() -> None:
    wide = "tài.example"
    assert has_wide_name(wide.encode())
    assert has_wide_name(b"u=t%C3%A0i.example")
    assert has_wide_name("tài%2eexample".encode())
    assert not has_wide_name("Trần Văn bad.example".encode())
    assert not has_wide_name(b"100%.example \\a")


def test_runs_are_those_with_a_dot() -> None:
    assert dotted_runs(b"a b.c x,1.2.3.4. \xff.d") == ["b.c", "1.2.3.4.", "\ufffd.d"]


def test_lines_are_rid_of_their_hosts_in_the_kernel_as_in_python() -> None:
    rng = random.Random(3)
    pieces = [b"bad.test", b"203.0.113.7", b"2001:db8::7", b"x", b".", b":", b":443", b":123456"]
    pieces += [b" ", b"%", b"\\", b"(3)", b"\xc3\xa1", b"-", b"="]
    lines = [b"".join(rng.choices(pieces, k=rng.randrange(9))) for _ in range(600)]
    tokens = [(one, one.translate(APART)) for one in pieces[:3]]
    sets = [[], tokens[:1], tokens[1:], tokens]
    which = [rng.randrange(len(sets)) for _ in lines]
    block = b"".join(line + b"\n" for line in lines)
    by_python = lines_taken_out(block, which, sets, compiled=False)
    assert by_python.count(b"bad.test") < block.count(b"bad.test")
    if rust_available():
        assert lines_taken_out(block, which, sets, compiled=True) == by_python
        with pytest.raises(ValueError, match="sets"):
            lines_taken_out(block, which[1:], sets, compiled=True)
