"""Real lists: every output accounts for each indicator, and real programs load the long ones."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from quetsach.blocklists.choose import identity
from quetsach.blocklists.contract import Mode
from quetsach.blocklists.outputs.registry import OUTPUTS
from quetsach.indicators.model import IndicatorSet
from tests.blocklists.making import make, program
from tests.whole import daily

pytestmark = pytest.mark.real

NEVER_BLOCK = (("belt.txt", "facebook.com\n198.51.100.0/24\n"),)
EVERY = daily(350, whole=35)
"""Which share of all indicators goes through every output."""


def test_every_output_accounts_for_each_indicator(every_list: IndicatorSet) -> None:
    some = every_list.indicators[::EVERY]
    assert len(some) > daily(1_000, whole=10_000)
    wanted = Counter(map(identity, some))
    for one in OUTPUTS:
        for mode in one.modes:
            made = make(one.name, some, mode, never_block=NEVER_BLOCK)
            found = [entry.indicator for entry in made.chosen.entries]
            found += [left.indicator for left in made.chosen.left_out]
            assert Counter(map(identity, found)) == wanted, one.name


def test_all_names_and_addresses_are_loaded_as_one_zone(
    every_list: IndicatorSet, tmp_path: Path
) -> None:
    made = make("rpz", every_list.indicators, Mode.BLOCK, never_block=NEVER_BLOCK)
    assert len(made.chosen.entries) > 200_000
    ((name, text),) = made.files.items()
    (tmp_path / name).write_text(text)
    checker = program("named-checkzone", "bind9-utils")
    done = subprocess.run([checker, "rpz.local", tmp_path / name], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "\nfacebook.com CNAME .\n" not in text
