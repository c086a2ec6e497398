"""A kernel is used only where it speaks as this version does."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from quetsach import compiled
from quetsach.sieve import kernel

SOURCE = Path(__file__).parents[1] / "kernel" / "python" / "src" / "lib.rs"


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return what stands for an installed module; its memory is that of this test alone."""
    module = SimpleNamespace()
    monkeypatch.setattr(compiled, "_installed", lambda: module)
    compiled.kernel_module.cache_clear()
    return module


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    compiled.kernel_module.cache_clear()


def test_one_that_fits_is_used(installed: SimpleNamespace) -> None:
    installed.INTERFACE = compiled.INTERFACE
    assert compiled.kernel_module() is installed
    assert compiled.misfit() is None


@pytest.mark.parametrize("interface", [None, compiled.INTERFACE - 1, compiled.INTERFACE + 1])
def test_another_is_told_and_not_used(installed: SimpleNamespace, interface: int | None) -> None:
    if interface is not None:
        installed.INTERFACE = interface
    assert compiled.kernel_module() is None
    problem = compiled.misfit()
    assert problem is not None
    assert problem.code == "E504"
    assert problem.facts == {
        "found": "?" if interface is None else interface,
        "wanted": compiled.INTERFACE,
    }
    assert not kernel.rust_available()


def test_none_is_no_misfit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "find_spec", lambda _: None)
    compiled.kernel_module.cache_clear()
    assert compiled.kernel_module() is None
    assert compiled.misfit() is None


def test_the_kernel_says_the_number_that_is_wanted_here() -> None:
    number = re.search(r"const INTERFACE: u32 = (\d+);", SOURCE.read_text())
    assert number is not None
    assert int(number[1]) == compiled.INTERFACE
