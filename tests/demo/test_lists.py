"""The lists of the demo say what the truth says they do."""

import csv
import io

import idna

from quetsach.demo import lists


def _refanged(text: str) -> str:
    for marked in ("[.]", "(.)", "[dot]"):
        text = text.replace(marked, ".")
    return text.replace("hxxp://", "")


def test_the_annex_and_the_csv_hold_each_indicator_in_the_list_it_is_said_to_be_in() -> None:
    annex = [_refanged(row.partition("#")[0]).strip() for row in lists.annex_text().splitlines()]
    table = list(csv.DictReader(io.StringIO(lists.SUPPLEMENT_TEXT), delimiter=";"))
    rows = {
        lists.ANNEX: [row.lower() for row in annex if row],
        lists.SUPPLEMENT: [_refanged(row["Chỉ báo"]).lower() for row in table],
    }
    for one in lists.LISTED:
        assert one.shown.removeprefix("http://") in rows[one.list_name]
    mistakes = [text for name, text, _ in lists.REFUSED if name == lists.ANNEX]
    assert set(mistakes) < set(rows[lists.ANNEX])
    # One row says again, in capitals, what another said before.
    assert len(rows[lists.ANNEX]) == len(set(rows[lists.ANNEX])) + 1


def test_the_name_outside_ascii_is_looked_up_in_its_encoded_form() -> None:
    assert idna.encode(lists.IDN_SHOWN).decode() == lists.IDN_NAME


def test_no_look_alike_is_listed() -> None:
    listed = {one.key for one in lists.LISTED}
    for host, address, port in lists.LOOK_ALIKES:
        assert host not in listed
        assert not listed & {address, f"{address}:{port}"}


def test_the_allow_list_names_the_resolver_that_was_listed_by_mistake() -> None:
    assert lists.PUBLIC_RESOLVER in lists.ALLOW_TEXT
    assert lists.PUBLIC_RESOLVER in _refanged(lists.annex_text())
