"""A compiled list stands for its lists, and never for those of other options."""

import random
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.allow.exam_marks import set_marks_aside
from quetsach.indicators.allow.lists import AllowList, AllowLists, tag_allow_classes
from quetsach.indicators.compiled.compiling import compile_set
from quetsach.indicators.formats.csv_table import CsvTable
from quetsach.indicators.formats.plain import PlainList
from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import AllowDecision, Decision, IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from quetsach.indicators.releases.decisions import Decisions, apply_decisions
from quetsach.indicators.sieve_keys import sieve_keys

VALUES = (
    *("a.example", "x.a.example", "b[.]example", "tài-khoản.example", "=c.example", "com.vn"),
    *("203.0.113.7", "203.0.113.7:443", "203.0.113.0/29", "2001:db8::7", "[2001:db8::7]:80"),
    *("hxxp://a.example/gate", "http://a.example/gate/x.php?q=1", "0" * 32, "F" * 64, "10.0.0.1"),
)
ASKED = ("a.example", "w.x.a.example", "b.example", "xn--ti-khon-0jg3265e.example", "no.example")


def _lists(folder: Path, rng: random.Random) -> list[Path]:
    rows = [
        f"{rng.choice(VALUES)},{rng.choice(('', 'Mirai', 'quetsach-exam'))},"
        f"{rng.choice(('', 'revoked', 'expired'))},{rng.choice(('', '2026-01-01', '31/12/2026'))}"
        for _ in range(rng.randint(3, 25))
    ]
    table = folder / "bảng.csv"
    table.write_text("\n".join(("indicator,malware,status,valid until", *rows)), "utf-8")
    plain = folder / "plain.txt"
    plain.write_text("\n".join(rng.choices(VALUES, k=rng.randint(1, 12))), "utf-8")
    return [table, plain]


def _seen(indicator_set: IndicatorSet) -> list[object]:
    lookup, keys = IndicatorLookup(indicator_set), sieve_keys(indicator_set)
    numbers = (keys.addresses, keys.networks, keys.addresses6, keys.networks6)
    return [
        tuple(indicator_set.indicators),
        indicator_set.digest,
        indicator_set.readings,
        indicator_set.refusals,
        [lookup.by_name(name) for name in ASKED],
        [lookup.by_address("203.0.113.7", port) for port in (None, 443, 80)],
        lookup.by_address("2001:db8::7", None),
        lookup.by_url("https://a.example/gate/x.php?q=1&r=2"),
        lookup.by_hash("f" * 64),
        [lookup.label(value) for value in VALUES],
        [*map(set, numbers), set(keys.names), set(keys.hashes), keys.any_unicode_name],
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_compiled_list_is_its_lists(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    options = ListOptions(zone=ZoneInfo("Asia/Ho_Chi_Minh"), accept_private=rng.random() < 0.3)
    paths, forms = _lists(tmp_path, rng), (CsvTable(bulk_from=0), PlainList(bulk_from=0))
    plain = read_lists(paths, options)
    file = tmp_path / "all.qslist"
    compile_set(file, read_lists(paths, options, forms), options)
    compiled = read_lists([file], options)
    assert _seen(compiled) == _seen(plain)
    assert [name for name, _sha256 in compiled.compiled] == ["all.qslist"]

    more = tmp_path / "more.txt"
    more.write_text("\n".join(rng.choices(VALUES, k=6)), "utf-8")
    for of_forms in (forms, (CsvTable(), PlainList())):
        both = read_lists([file, more], options, of_forms)
        assert _seen(both) == _seen(read_lists([*paths, more], options))

    until = "2030-01-01T00:00:00+07:00"
    keys = rng.sample(("a.example", "203.0.113.7", "b.example", "0" * 32, "203.0.113.0/29"), 3)
    decided = {
        key: Decision(key, rng.choice(tuple(AllowDecision)), "x", until, until) for key in keys
    }
    allow = AllowLists((AllowList("cdn", "cdn", exact=["b.example"], below=["a.example"]),))
    for change in (
        lambda of: apply_decisions(of, Decisions(valid=decided))[0],
        lambda of: tag_allow_classes(of, allow),
        set_marks_aside,
    ):
        assert _seen(change(compiled)) == _seen(change(plain))


def _compiled(tmp_path: Path, text: str, options: ListOptions) -> Path:
    path, file = tmp_path / "list.csv", tmp_path / "all.qslist"
    path.write_text(text)
    compile_set(file, read_lists([path], options), options)
    return file


def _refused(file: Path, options: ListOptions) -> bool:
    try:
        read_lists([file], options)
    except QuetsachError as error:
        return error.problem.code == "E273"
    return False


def test_options_that_take_other_rows_are_refused_and_others_are_not(tmp_path: Path) -> None:
    own = ListOptions(own=(ip_network("203.0.113.0/24"),))
    other = ListOptions(own=(ip_network("198.51.100.0/24"),))
    plain, private = ListOptions(), ListOptions(accept_private=True)
    file = _compiled(tmp_path, "indicator\n203.0.113.7\na.example\n", plain)
    assert [_refused(file, o) for o in (plain, other, private, own)] == [False, False, False, True]
    file = _compiled(tmp_path, "indicator\n203.0.113.7\na.example\n", own)
    assert [_refused(file, o) for o in (own, plain, other)] == [False, True, True]
    file = _compiled(tmp_path, "indicator\n10.0.0.1:80\na.example\n", private)
    assert [_refused(file, o) for o in (private, plain)] == [False, True]
    file = _compiled(tmp_path, "indicator\nhttp://203.0.113.7/a\na.example\n", plain)
    assert [_refused(file, o) for o in (plain, own)] == [False, True]
    file = _compiled(tmp_path, "indicator\n203.0.113.0/28\n2001:db8::1\n", plain)
    assert [_refused(file, o) for o in (other, own)] == [False, True]
    assert _refused(file, ListOptions(take_unmarked=True))


def test_a_zone_counts_where_there_are_dates(tmp_path: Path) -> None:
    here, utc = ListOptions(zone=ZoneInfo("Asia/Ho_Chi_Minh")), ListOptions()
    file = _compiled(tmp_path, "indicator,malware\na.example,Mirai\n", here)
    assert not _refused(file, utc)
    file = _compiled(tmp_path, "indicator,valid until\na.example,2026-01-01\n", here)
    assert (_refused(file, here), _refused(file, utc)) == (False, True)


def test_a_set_from_which_something_was_dropped_is_not_compiled(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("a.example\nb.example\n")
    read = read_lists([path], ListOptions(), (PlainList(bulk_from=0),))
    until = "2030-01-01T00:00:00+07:00"
    decided = {"a.example": Decision("a.example", AllowDecision.DROP, "x", until, until)}
    with pytest.raises(ValueError, match="dropped"):
        compile_set(
            tmp_path / "x", apply_decisions(read, Decisions(valid=decided))[0], ListOptions()
        )
