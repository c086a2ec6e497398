"""FortiGate feeds: one kind a file, a `*.` twin of each name, no wildcard of a list's own."""

from tests.blocklists.making import EXACT, indicators, make


def test_each_kind_has_a_file_and_a_name_its_twin() -> None:
    made = make("fortigate", indicators("bad.example", "203.0.113.0/25", exact=(EXACT,)))
    domains = made.files["quetsach-domains.txt"].split()
    assert {"bad.example", "*.bad.example", EXACT} <= set(domains)
    assert f"*.{EXACT}" not in domains
    assert "203.0.113.0/25" in made.files["quetsach-addresses.txt"].split()
    assert "quetsach-urls.txt" not in made.files


def test_a_star_in_a_page_is_no_wildcard_of_the_device() -> None:
    made = make("fortigate", indicators("http://hacked.example/a*b^c"))
    assert made.files["quetsach-urls.txt"] == "hacked.example/a%2Ab%5Ec\n"


def test_undoing_empties_every_file() -> None:
    made = make("fortigate", indicators("bad.example", "203.0.113.9"))
    assert made.undo == dict.fromkeys(made.files, "")
