"""The sieve is chosen by what is installed, and the choice never changes the answer."""

import random

import pytest

from quetsach.sieve import kernel
from quetsach.sieve.contract import LineClock
from tests.sieve import lines


def test_without_the_kernel_the_plain_sieve_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "kernel_module", lambda: None)
    assert not kernel.rust_available()
    assert kernel.build_sieve(lines.KEYS).name == "python"


def test_the_plain_sieve_is_given_where_it_is_asked_for() -> None:
    assert kernel.build_sieve(lines.KEYS, "python").name == "python"


def test_the_kernel_is_chosen_where_it_is_installed() -> None:
    expected = "rust" if kernel.rust_available() else "python"
    assert kernel.build_sieve(lines.KEYS).name == expected


def test_the_choice_does_not_change_the_answer() -> None:
    block = lines.block(random.Random(9), 500)
    clock = LineClock(epoch=True)
    plain, chosen = kernel.build_sieve(lines.KEYS, "python"), kernel.build_sieve(lines.KEYS)
    assert chosen.scan(block, clock, b"bad") == plain.scan(block, clock, b"bad")
