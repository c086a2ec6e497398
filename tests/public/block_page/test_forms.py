"""What a press bears and how often one may press; which names lead to the page."""

from pathlib import Path

import pytest

from quetsach_public.block_page.forms import (
    FILE,
    GOOD_FOR,
    MOST_AN_HOUR,
    PressForm,
    PressProofs,
    PressRate,
    host_of,
    plain,
    read_names,
    take_addresses,
)
from tests.public.block_page.making import KEYS, PC

NOW = 1_790_000_000.0


def test_a_proof_is_of_one_address_and_lasts_half_a_day() -> None:
    proofs = PressProofs()
    proof = proofs.make(PC, NOW)
    assert proofs.look(proof, PC, NOW + GOOD_FOR) is PressForm.OURS
    assert proofs.look(proof, PC, NOW + GOOD_FOR + 1) is PressForm.TOO_OLD
    assert proofs.look(proof, "192.168.1.21", NOW) is PressForm.FOREIGN
    assert PressProofs().look(proof, PC, NOW) is PressForm.FOREIGN


@pytest.mark.parametrize("shown", ["", "-", "1790000000", "x-", "1790000000-0", "-" * 100])
def test_a_damaged_proof_is_foreign(shown: str) -> None:
    assert PressProofs().look(shown, PC, NOW) is PressForm.FOREIGN


def test_the_technicians_file_is_read_once_and_its_other_lines_say_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(
        b"192.168.1.20\n\n# a note\n::ffff:192.168.1.21\n\xff\xfe\n10.0.0\n"
    )
    assert take_addresses(tmp_path) == ["192.168.1.20", "192.168.1.21"]
    assert take_addresses(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.168.1.20", "192.168.1.20"),
        ("::ffff:192.168.1.20", "192.168.1.20"),
        ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("192.168.1.256", ""),
        ("name.example", ""),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert plain(text) == address


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("WWW.Bad.Example.:80", "www.bad.example"),
        ("bad.example", "bad.example"),
        ("203.0.113.7:80", ""),
        ("[2001:db8::1]", ""),
        ("<b>.example", ""),
        (None, ""),
        ("a" * 64 + ".example", ""),
    ],
)
def test_of_a_host_header_a_name_alone_comes_back(header: object, name: str) -> None:
    assert host_of(header) == name


def test_a_name_covers_what_lies_below_it_where_its_rule_says_so(tmp_path: Path) -> None:
    (tmp_path / "keys.tsv").write_text(KEYS)
    names = read_names(tmp_path)
    assert names.listed("a.bad.example") == "bad.example"
    assert names.listed("exact.worse.example") == "exact.worse.example"
    assert names.listed("www.exact.worse.example") is None
    assert names.listed("notbad.example") is None


@pytest.mark.parametrize("text", ["", "bad.example\n", "key,kind,rule\n"])
def test_what_is_no_list_of_a_release_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "keys.tsv").write_text(text)
    with pytest.raises(ValueError, match=r"keys\.tsv"):
        read_names(tmp_path)


def test_an_address_presses_so_often_an_hour_and_then_again() -> None:
    rate = PressRate()
    assert all(rate.take(PC, NOW + second) for second in range(MOST_AN_HOUR))
    assert not rate.take(PC, NOW + 10)
    assert rate.take("192.168.1.21", NOW + 10)
    rate.tidy(NOW + 3603)
    assert rate.take(PC, NOW + 3603)
