"""What the public plane is told by its environment."""

import re
from pathlib import Path

import pytest

from quetsach_public import settings as subject
from quetsach_public.settings import THREADS, VARIABLES, settings


def test_every_variable_that_is_read_stands_in_the_list() -> None:
    read = re.findall(r'environ\.get\("(\w+)"', Path(subject.__file__).read_text())
    assert sorted(read) == sorted(name for name, _usual, _what in VARIABLES)


def test_what_holds_without_a_variable_is_as_the_list_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _usual, _what in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    usual = {name: without for name, without, _what in VARIABLES}
    found = settings()
    assert str(found.home) == usual["QUETSACH_PUBLIC_HOME"]
    assert str(found.workers) == usual["QUETSACH_PUBLIC_WORKERS"]
    assert str(found.threads) == str(THREADS) == usual["QUETSACH_PUBLIC_THREADS"]


def test_what_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUETSACH_PUBLIC_WORKERS", "two")
    with pytest.raises(ValueError, match="two"):
        settings()


@pytest.mark.parametrize(
    ("proxies", "alone", "said"),
    [
        ("", "", True),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "1", True),
        ("2001:db8::/64", "", False),
    ],
)
def test_it_stands_alone_where_no_proxy_is_named_or_it_is_told_so(
    monkeypatch: pytest.MonkeyPatch, proxies: str, alone: str, said: bool
) -> None:
    monkeypatch.setenv("QUETSACH_PUBLIC_PROXIES", proxies)
    monkeypatch.setenv("QUETSACH_PUBLIC_ALONE", alone)
    assert settings().is_alone is said
