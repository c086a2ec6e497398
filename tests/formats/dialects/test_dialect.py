"""A dialect file is checked key by key: what is wrong is said, and nothing is ignored."""

import pytest

from quetsach.formats.dialects.dialect import DialectError, load

GOOD = """
name = "acme"
title = "Acme wall"
reads = "sessions"
source = "made up"
dataset = "acme.session"
kind = "pairs"
[signature]
all = ["acme: "]
[time]
tokens = ["when", ["date", "time"]]
zone = "utc"
[fields]
"source.ip" = ["src"]
"event.start" = ["began"]
[[variant]]
when = { kind = "~d.*", act = ["a", "b"] }
dataset = "acme.dns"
[clock]
needle = "when="
length = 13
"""


def test_a_good_file_is_loaded() -> None:
    dialect = load(GOOD, "acme.toml")
    assert dialect.time.tokens == (("when",), ("date", "time"))
    assert dialect.time.zone == "utc"
    assert dialect.variants[0].dataset == "acme.dns"
    assert dialect.clock is not None
    assert dialect.clock.needle == b"when="


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "pairs"', 'kind = "words"'),
        ('name = "acme"', ""),
        ('all = ["acme: "]', ""),
        ('all = ["acme: "]', 'al = ["acme: "]'),
        ('zone = "utc"', 'zone = "mars"'),
        ('zone = "utc"', 'zon = "utc"'),
        ('"source.ip"', '"source.ipp"'),
        ('dataset = "acme.dns"', 'date = "acme.dns"'),
        ("length = 13", ""),
        ('name = "acme"', 'name = "acme"\ncolour = "red"'),
        ('when = { kind = "~d.*"', 'when = { kind = "~d("'),
        ('name = "acme"', 'name = "acme'),
        ('name = "acme"', 'name = "acme"\norder = "first"'),
        ('name = "acme"', 'name = "acme"\norder = ' + "9" * 5000),
        ('all = ["acme: "]', "all = true"),
        ('all = ["acme: "]', 'regex = "a{99999999999}"'),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(DialectError, match="acme"):
        load(GOOD.replace(old, new, 1), "acme.toml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "pairs"', 'kind = "xml"', "kind: xml is none of pairs, cef"),
        ('"source.ip"', '"source.ipp"', "near it are source.ip"),
        ('dataset = "', 'order = "late"\ndataset = "', "order: not of the type int"),
        ('zone = "utc"', 'zone = "GMT+7"', "time: zone is one of utc, local, in-line"),
    ],
)
def test_the_message_tells_what_could_stand_there(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(DialectError, match=told):
        load(GOOD.replace(old, new, 1), "acme.toml")
