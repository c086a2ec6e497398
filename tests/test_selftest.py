"""The selftest: it holds on a sound engine, and it fails when the truth is another."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from quetsach import selftest
from quetsach.selftest import hold_against, run_selftest

Json = dict[str, Any]
PROMISES = ("infected", "clean", "aside", "accounted", "cut off")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Json, Json]:
    """Return the truth of a district and the summary of its sweep, on which all promises hold."""
    folder = tmp_path_factory.mktemp("selftest")
    seen: list[Json] = []

    def remember(truth: Json, summary: Json, incomplete: list[str]) -> list[selftest.SelfCheck]:
        seen.append({**summary, "incomplete": incomplete})
        return hold_against(truth, summary, incomplete)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selftest, "hold_against", remember)
        checks = run_selftest(folder)
    assert [one.found for one in checks if not one.kept] == []
    assert len(checks) == len(PROMISES)
    truth = msgspec.json.decode((folder / "district" / "truth.json").read_bytes(), type=Json)
    return truth, seen[0]


def _broken(kept: tuple[Json, Json], change: Callable[[Json, Json], None]) -> list[str]:
    truth, summary = copy.deepcopy(kept)
    change(truth, summary)
    checks = hold_against(truth, summary, summary["incomplete"])
    assert all(one.found for one in checks if not one.kept)
    return [name for name, one in zip(PROMISES, checks, strict=True) if not one.kept]


def test_the_promises_hold(kept: tuple[Json, Json]) -> None:
    assert _broken(kept, lambda truth, summary: None) == []


def _forget_an_infected(truth: Json, summary: Json) -> None:
    summary["devices"].pop()


def _infect_a_clean_one(truth: Json, summary: Json) -> None:
    another = copy.deepcopy(truth["infected"][0])
    another.update(mac="00-00-5E-00-53-FE", host_name="PC-ANOTHER")
    another["held"] = [{**another["held"][0], "address": "10.255.255.1"}]
    truth["infected"].append(another)


def _heal_an_infected(truth: Json, summary: Json) -> None:
    truth["infected"].pop(0)


def _blame_a_clean_one(truth: Json, summary: Json) -> None:
    clean = {"device": "10.255.255.1", "addresses": ["10.255.255.1"], "mac": None}
    summary["devices"].append({**summary["devices"][0], **clean})


def _miss_an_indicator(truth: Json, summary: Json) -> None:
    for device in summary["devices"]:
        device["indicators"] = device["indicators"][1:]


def _blame_the_resolver(truth: Json, summary: Json) -> None:
    summary["not_blamed"] = [one for one in summary["not_blamed"] if one["role"] != "resolver"]


def _lose_a_line(truth: Json, summary: Json) -> None:
    summary["sieved_out"] -= 1


def _count_a_line_twice(truth: Json, summary: Json) -> None:
    summary["no_match"] += 1


def _hide_one_that_was_cut(truth: Json, summary: Json) -> None:
    cut = [one["path"] for one in truth["files"] if one["lost_lines"] or one["fragment"]]
    assert len(cut) > 1
    summary["incomplete"] = [one for one in summary["incomplete"] if not one.endswith(cut[-1])]


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        (_forget_an_infected, "infected"),
        (_infect_a_clean_one, "infected"),
        (_miss_an_indicator, "infected"),
        (_heal_an_infected, "clean"),
        (_blame_a_clean_one, "clean"),
        (_blame_the_resolver, "aside"),
        (_lose_a_line, "accounted"),
        (_count_a_line_twice, "accounted"),
        (_hide_one_that_was_cut, "cut off"),
    ],
)
def test_another_truth_breaks_its_promise(
    change: Callable[[Json, Json], None], promise: str, kept: tuple[Json, Json]
) -> None:
    assert _broken(kept, change) == [promise]
