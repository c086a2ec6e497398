"""A list asked of fingerprints: what was there is found, what cannot be told is said."""

from datetime import date
from pathlib import Path

import pytest

from quetsach.arrays import np
from quetsach.fingerprints.asking import WouldMatch, would_hit
from quetsach.fingerprints.day_files import DayPrint, write_day
from quetsach.fingerprints.month_secrets import SecretFolder
from quetsach.fingerprints.questions import CannotTell
from quetsach.indicators.model import Claim, Indicator, IndicatorKind, IndicatorStatus, MatchRule
from quetsach.sieve.contract import SieveKeys, TokenWants
from quetsach.sieve.kernel import build_sieve
from quetsach.sieve.outside_tokens import tokens_of
from quetsach.sieve.token_keys import token_keys

SIEVE = build_sieve(SieveKeys(inside=((10 << 24, 8),)))
DAYS = [date(2022, 9, 12), date(2022, 9, 13), date(2022, 10, 1)]


def _write(folder: Path, unit: str, day: date | None, text: bytes, *, whole: bool = True) -> None:
    tokens = tokens_of(SIEVE, text, TokenWants())
    about = DayPrint(unit, day, day, 1, 1, 0, "", ("10.0.0.0/8",), whole)
    secret = SecretFolder(folder / "keys").secret_or_new(unit, about.month)
    keys = np.frombuffer(token_keys(tokens, secret.value), np.uint64).astype(np.int64)
    write_day(folder / "prints", about.under(secret.key_id), keys)


def _listed(*keys: str) -> list[Indicator]:
    kinds = {True: IndicatorKind.NAME, False: IndicatorKind.ADDRESS}
    return [
        Indicator(key, key, kinds[key[-1].isalpha()], MatchRule.BELOW, None, Claim())
        for key in keys
    ]


def _asked(folder: Path, *keys: str) -> WouldMatch:
    return would_hit(_listed(*keys), folder / "prints", SecretFolder(folder / "keys"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    _write(tmp_path, "a", DAYS[0], b"10.0.0.5 www.bad.example 192.0.2.1")
    _write(tmp_path, "a", DAYS[1], b"good.example", whole=False)
    _write(tmp_path, "b", DAYS[2], b"bad.example 192.0.2.9")
    _write(tmp_path, "b", None, b"evil.example")
    return tmp_path


def _hits(answer: WouldMatch) -> list[tuple[str, date | None, list[str]]]:
    return [(hit.day.unit, hit.day.first, [one.key for one in hit.exact]) for hit in answer.hits]


def test_names_and_addresses_are_found_on_their_days(folder: Path) -> None:
    answer = _asked(folder, "bad.example", "192.0.2.1", "evil.example", "nowhere.example")
    assert _hits(answer) == [
        ("a", DAYS[0], ["bad.example", "192.0.2.1"]),
        ("b", DAYS[2], ["bad.example"]),
        ("b", None, ["evil.example"]),
    ]
    assert (answer.questions, len(answer.asked)) == (4, 4)
    assert [day.first for day in answer.incomplete] == [DAYS[1]]
    assert 0 < answer.by_chance < 1e-9
    assert not answer.is_whole
    assert _asked(folder, "nowhere.example").hits == ()


def test_a_forgotten_month_answers_nothing_and_says_so(folder: Path) -> None:
    SecretFolder(folder / "keys").forget("2022-09")
    answer = _asked(folder, "bad.example")
    assert _hits(answer) == [("b", DAYS[2], ["bad.example"])]
    assert [day.first for day in answer.forgotten] == DAYS[:2]
    # A new secret opens nothing that was written before it.
    SecretFolder(folder / "keys").secret_or_new("a", "2022-09")
    assert len(_asked(folder, "bad.example").forgotten) == 2


def test_what_cannot_be_told_is_counted(folder: Path) -> None:
    listed = [
        *_listed("10.0.0.5", "bad.example"),
        Indicator("0" * 64, "0", IndicatorKind.HASH, MatchRule.HASH),
        Indicator("198.0.0.0/8", "w", IndicatorKind.NETWORK, MatchRule.CIDR),
    ]
    answer = would_hit(listed, folder / "prints", SecretFolder(folder / "keys"))
    expected = {CannotTell.KIND: 1, CannotTell.WIDE: 1, CannotTell.INSIDE: 1}
    assert answer.cannot_tell == expected


def test_withdrawn_indicators_are_not_asked(folder: Path) -> None:
    claim = Claim(status=IndicatorStatus.WITHDRAWN)
    gone = Indicator("bad.example", "b", IndicatorKind.NAME, MatchRule.BELOW, None, claim)
    answer = would_hit([gone], folder / "prints", SecretFolder(folder / "keys"))
    assert (answer.questions, answer.hits, answer.by_chance) == (0, (), 0)


def test_a_damaged_day_is_told_and_the_others_are_asked(folder: Path) -> None:
    next((folder / "prints/b").glob("2022*.parquet")).write_bytes(b"?")
    next((folder / "prints/b").glob("undated.json")).write_bytes(b"?")
    answer = _asked(folder, "bad.example")
    assert _hits(answer) == [("a", DAYS[0], ["bad.example"])]
    assert [problem.code for problem in answer.problems] == ["E327", "E327"]
    assert not answer.is_whole


def test_two_indicators_of_one_address_are_both_told(folder: Path) -> None:
    both = [
        *_listed("192.0.2.1"),
        Indicator("192.0.2.1:443", "p", IndicatorKind.ADDRESS, MatchRule.IP_PORT, 443),
    ]
    answer = would_hit(both, folder / "prints", SecretFolder(folder / "keys"))
    (hit,) = answer.hits
    assert [one.key for one in hit.exact] == ["192.0.2.1"]
    assert [one.key for one in hit.in_part] == ["192.0.2.1:443"]
