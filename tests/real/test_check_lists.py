"""The check, the store and the diff on the lists that are really in use."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from quetsach.api import lists as api_lists
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.allow.lists import allow_lists
from quetsach.indicators.check import CheckReport, check
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.whole import WHOLE, daily

CREATED = "2026-09-01T08:00:00+07:00"


@pytest.fixture(scope="module")
def reports(data: Path) -> dict[str, CheckReport]:
    """Return the check of each set of lists, by the name of its folder; not daily the greatest."""
    allow = allow_lists((), usual=True)
    folders = [path for path in sorted((data / "indicators").iterdir()) if path.is_dir()]
    if not WHOLE:
        folders.remove(data / "indicators" / "maltrail")
    return {path.name: check(read_lists([path], ListOptions()), allow) for path in folders}


def told(report: CheckReport) -> dict[str, tuple[set[str], str]]:
    return {
        one.indicator.key: ({met.of_class for met in one.meetings}, one.proposal.value)
        for one in report.questions
    }


def test_famous_names_in_real_lists_are_shown_with_class_and_proposal(
    reports: dict[str, CheckReport],
) -> None:
    every = {key: found for report in reports.values() for key, found in told(report).items()}
    for key in ("crl.microsoft.com", "telegra.ph", "www.fedex.com"):
        classes, proposed = every[key]
        assert "top-sites" in classes, key
        assert proposed == "drop", key
    famous = ("facebook", "bing.", "google.")
    pages = [key for key in every if any(word in key for word in famous)]
    assert pages, "the lists hold such names; the check must show them"


def test_a_customers_name_below_a_service_is_kept_and_the_service_is_not(
    reports: dict[str, CheckReport],
) -> None:
    found = told(reports["blackbook"])
    customers = [key for key in found if key.endswith(".ddns.net")]
    assert len(customers) > 100
    assert {found[key][1] for key in customers} == {"keep"}
    assert all("dynamic-dns" in found[key][0] for key in customers)


def test_a_c2_list_is_not_questioned_away(reports: dict[str, CheckReport]) -> None:
    shares = {"blackbook": 0.05, "maltrail": 0.05, "ndpi": 0.01}
    for name, share in ((name, share) for name, share in shares.items() if name in reports):
        report = reports[name]
        assert 0 < report.open_questions < share * sum(report.kinds.values()), name
    # A list of advertisers is another matter: it holds what everybody visits.
    adverts = reports["vietnam-hostsvn"]
    assert adverts.open_questions > 0.2 * sum(adverts.kinds.values())


def test_open_questions_come_first_and_their_figures_agree(
    reports: dict[str, CheckReport],
) -> None:
    for report in reports.values():
        asked = [one.asked for one in report.questions]
        assert asked == sorted(asked, reverse=True)
        assert sum(asked) == report.open_questions
        by_class = Counter(
            of_class
            for one in report.questions
            for of_class in {met.of_class for met in one.meetings}
        )
        assert {name: len(found) for name, found in report.allow.items()} == dict(by_class)


def test_exact_and_below_in_one_set_contradict_each_other(
    reports: dict[str, CheckReport],
) -> None:
    clashes = Counter(one.clash.value for one in reports["vietnam-hostsvn"].contradictions)
    assert clashes["rule"] > 1000


def test_a_real_list_cut_in_half_is_refused_and_nothing_is_written(
    data: Path, tmp_path: Path
) -> None:
    source = data / "indicators" / "blackbook"
    lists = tmp_path / "lists"
    shutil.copytree(source, lists)
    store = api_lists.ReleaseTarget(store=tmp_path / "store")
    first = api_lists.release_indicators([lists], api_lists.ReleaseTitles(CREATED), store)
    whole = max(lists.rglob("*"), key=lambda path: path.stat().st_size)
    rows = whole.read_bytes().split(b"\n")
    whole.write_bytes(b"\n".join(rows[: len(rows) // 2]))
    with pytest.raises(QuetsachError, match="E222") as refused:
        api_lists.release_indicators([lists], api_lists.ReleaseTitles(CREATED), store)
    facts = refused.value.problem.facts
    assert facts["before"] == first.counts["active"] > 15_000
    assert 0.4 < facts["after"] / facts["before"] < 0.6
    whole.write_bytes(b"")
    with pytest.raises(QuetsachError, match=r"E22[123]"):
        api_lists.release_indicators([lists], api_lists.ReleaseTitles(CREATED), store)
    assert len(list((tmp_path / "store").iterdir())) == 2


def test_the_diff_of_a_real_set_against_a_changed_copy_tells_just_the_changes(
    data: Path, tmp_path: Path
) -> None:
    name, least = daily(("blackbook", 15_000), whole=("maltrail", 200_000))
    source = data / "indicators" / name
    copy = tmp_path / name
    shutil.copytree(source, copy)
    release = tmp_path / "r.jsonl"
    api_lists.release_indicators(
        [copy], api_lists.ReleaseTitles(CREATED), api_lists.ReleaseTarget(out=release)
    )
    (copy / "new.txt").write_text("new1.example\nnew2.example # Mới\n")
    found = api_lists.diff_indicators(str(release), str(copy))
    assert found.counts == {"added": 2}
    assert [one.key for one in found.changes] == ["new1.example", "new2.example"]
    assert found.sources["new.txt"] == (0, 2)
    assert found.after == found.before + 2 > least


def test_a_large_real_set_survives_a_release_whole(data: Path, tmp_path: Path) -> None:
    source = data / "indicators" / "suricata-iprep"
    found = read_lists([source], ListOptions())
    release = tmp_path / "r.jsonl"
    api_lists.release_indicators(
        [source], api_lists.ReleaseTitles(CREATED), api_lists.ReleaseTarget(out=release)
    )
    back = read_lists([release], ListOptions())
    assert back.indicators == found.indicators
    assert back.digest == found.digest
    assert back.refusals == ()
