"""Harmless sites of the district."""

import pytest

from quetsach.demo.benign import sites
from quetsach.demo.district import PACES


@pytest.mark.parametrize("pace", list(PACES.values()))
def test_no_two_clean_sites_share_a_name(pace: tuple[float, int]) -> None:
    pool = sites(pace[1])
    assert len({one.host for one in pool}) == len(pool) == pace[1]
