"""The third-party data set beside the repository; where it is absent its tests are skipped."""

import csv
from pathlib import Path

import pytest

from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.real.sweeping import Swept, swept
from tests.whole import todays_share
from tools.scoreboard.pairs import data_folder

DATA = data_folder()
EACH_DAY = ("test_scoreboard", "test_all_evidence")
"""These are asked each day; of the other files one half each day, all in `make check-whole`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the files whose turn it is not to the next day, before anything is swept for them."""
    tomorrow = pytest.mark.skip(reason="its turn is tomorrow: make check-whole asks all")
    for item in items:
        name = item.nodeid.partition(".py")[0].removeprefix("tests/real/")
        is_real = item.nodeid.startswith("tests/real/test_")
        if is_real and name not in EACH_DAY and not todays_share([name], days=2):
            item.add_marker(tomorrow)


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of the data set."""
    if DATA is None:
        pytest.skip("NOT TESTED: no third-party data set in shared/data beside the repository")
    return DATA


@pytest.fixture(scope="session")
def every_list(data: Path) -> IndicatorSet:
    """Return the indicators of all lists of the data set."""
    return read_lists([data / "indicators"], ListOptions())


@pytest.fixture(scope="session")
def cross_hits(data: Path) -> dict[str, list[str]]:
    """Return, for each token that stands in a list and in evidence, evidence files that hold it.

    The data set made them by a plain join; it names at most 12 files of a token.
    """
    with (data / "expected/cross-hits/cross-hits.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["token"]: sorted(set(row["some_of_them"].split(" ; "))) for row in rows}


@pytest.fixture(scope="session")
def tokens_swept(
    data: Path, cross_hits: dict[str, list[str]], tmp_path_factory: pytest.TempPathFactory
) -> Swept:
    """Return the sweep of all evidence for those tokens, given as one plain list."""
    folder = tmp_path_factory.mktemp("cross-hits")
    tokens = folder / "tokens.txt"
    tokens.write_text("".join(f"{token}\n" for token in cross_hits), encoding="utf-8")
    elsewhere = {file for files in cross_hits.values() for file in files} - {
        path.relative_to(data).as_posix() for path in (data / "evidence").rglob("*")
    }
    lists = read_lists([tokens], ListOptions(accept_private=True))
    evidence = [data / "evidence", *(data / file for file in sorted(elsewhere))]
    return swept(evidence, lists, folder / "findings", root=data)
