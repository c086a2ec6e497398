"""The numbers of the calls are those of the kernel's own headers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.test_call_filter import NEVER_X86, TABLES, X86

HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")


@pytest.mark.skipif(not HEADER.exists(), reason="no headers of the kernel here")
def test_the_numbers_are_those_of_the_kernel() -> None:
    known = dict(re.findall(r"#define __NR_(\w+) (\d+)", HEADER.read_text()))
    listed = {name: str(number) for name, number in X86.items() if number is not None}
    assert {name: number for name, number in listed.items() if known[name] != number} == {}
    assert {
        name for name, number in NEVER_X86.items() if known.get(name, number) != str(number)
    } <= {"fchmodat2"}


def _generic() -> Iterator[tuple[str, int]]:
    text = Path("/usr/include/asm-generic/unistd.h").read_text()
    for name, number in re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", text):
        yield name, int(number)


@pytest.mark.skipif(not HEADER.exists(), reason="no headers of the kernel here")
def test_the_numbers_of_aarch64_are_those_of_the_kernel() -> None:
    known = dict(_generic())
    named = {"newfstatat": "fstatat"}
    for table in TABLES:
        for name, (_x86, number) in table.items():
            if number is not None:
                assert known[named.get(name, name)] == number, name
