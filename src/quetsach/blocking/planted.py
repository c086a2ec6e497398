"""Names and an address planted in each release, to prove on the spot that it is in force."""

from quetsach.blocking.contract import About, Entry, Output
from quetsach.indicators.model import Claim, Indicator, Kind, Rule

TEST_LABEL = "planted to prove that this file works"


def planted_name_of(list_id: str) -> str:
    """Return the name that is treated as every listed one; it exists nowhere (RFC 2606)."""
    return f"block-test-{list_id[-8:]}.quetsach.example"


def loaded_name_of(list_id: str) -> str:
    """Return the name that answers with the test address where this release is loaded."""
    return f"loaded-{list_id[-8:]}.quetsach.example"


def planted_address_of(list_id: str) -> str:
    """Return an address of the documentation range (RFC 5737), another one for most releases."""
    return f"192.0.2.{1 + int(list_id[-8:], 16) % 254}"


def planted(output: Output, about: About) -> list[Entry]:
    """Return the entries that prove the file, of the kinds that the form can say."""
    if output.exchange:
        return []
    until_us = round(about.expires.timestamp() * 1_000_000)
    claim = Claim(label=TEST_LABEL)
    found = []
    if Kind.NAME in output.covers:
        rule = Rule.EXACT if output.exact else Rule.BELOW
        one = Indicator(about.test_name, about.test_name, Kind.NAME, rule, claim=claim)
        found.append(Entry(one, until_us, about.at_us))
    if Kind.ADDRESS in output.covers:
        address = about.test_address
        two = Indicator(address, address, Kind.ADDRESS, Rule.EXACT, claim=claim)
        found.append(Entry(two, until_us, about.at_us))
    return found
