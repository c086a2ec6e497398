"""Check Point feeds: IPv4 addresses alone; a port is given up only on request."""

from quetsach.blocklists.contract import BlockReason
from tests.blocklists.making import (
    indicators,
    make,
)


def test_a_port_is_given_up_only_when_somebody_says_so() -> None:
    found = indicators("203.0.113.78:443", "203.0.113.78:80", "203.0.113.78", "203.0.113.9:22")
    strict = make("checkpoint", found)
    assert [one.why for one in strict.chosen.left_out] == [BlockReason.PORT] * 3
    wide = make("checkpoint", found, whole_address=True)
    assert wide.chosen.left_out == []
    assert [one.why for one in wide.chosen.noted] == [BlockReason.WHOLE_ADDRESS] * 3
    (text,) = wide.files.values()
    assert text.split() == [wide.about.test_address, "203.0.113.78", "203.0.113.9"]
    assert "203.0.113.78 . 443" in make("nftables", found).files["quetsach.nft"]
