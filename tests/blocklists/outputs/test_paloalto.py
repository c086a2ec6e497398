"""External dynamic lists of Palo Alto: addresses as networks, with the list and its last day."""

from tests.blocklists.making import indicators, make


def test_an_address_stands_as_a_network_with_its_comment() -> None:
    made = make("paloalto", indicators("203.0.113.9", "2001:db8::1", "198.51.100.0/25"))
    said = f"{made.about.list_id} until 2026-10-12"
    lines = made.files["quetsach-addresses.txt"].splitlines()
    for network in ("203.0.113.9/32", "2001:db8::1/128", "198.51.100.0/25"):
        assert f"{network} {said}" in lines


def test_names_and_pages_stand_without_a_comment() -> None:
    made = make("paloalto", indicators("bad.example", "http://hacked.example/a"))
    assert "*.bad.example" in made.files["quetsach-domains.txt"].split()
    assert made.files["quetsach-urls.txt"] == "hacked.example/a\n"
