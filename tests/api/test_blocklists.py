"""What is asked of a resolver, by release, by name, or by the key of what is planted."""

from datetime import date
from pathlib import Path

import pytest

from quetsach.api.blocklists import proof_names
from quetsach.api.planted import planted_on, write_planted_key
from quetsach.blocklists.contract import Mode
from quetsach.blocklists.folder import write_folder
from quetsach.errors.exceptions import QuetsachError
from tests.blocklists.making import make, mixed

DAY = date(2026, 11, 30)


def test_a_release_names_what_proves_it(tmp_path: Path) -> None:
    made = make("rpz", mixed(), Mode.BLOCK)
    write_folder(tmp_path / "rpz", made.folder())
    names = proof_names(release=tmp_path / "rpz", day=DAY)
    about = made.about
    assert (names.listed, names.loaded) == (about.test_name, about.loaded_name)
    assert names.loaded_address == about.test_address


def test_the_key_names_what_is_planted_today(tmp_path: Path) -> None:
    key = write_planted_key(tmp_path / "key", ["VP"], DAY)
    assert proof_names(key_file=tmp_path / "key", day=DAY).listed == planted_on(key, DAY, "VP").name


@pytest.mark.parametrize("name", ["", "com", "not a name", "10.0.0.1"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(QuetsachError, match="E601"):
        proof_names(name=name, day=DAY)


def test_a_name_is_asked_in_the_form_of_dns() -> None:
    assert proof_names(name="Tài-khoản.example", day=DAY).listed.startswith("xn--")
