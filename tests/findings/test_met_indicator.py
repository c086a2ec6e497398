"""What a list claims of an indicator is told under these names."""

from quetsach.findings.met_indicator import ClaimedOfIndicator


def test_what_no_list_claims_is_empty() -> None:
    assert vars(ClaimedOfIndicator()) == {
        "tlp": None,
        "confidence": None,
        "family": "",
        "status": "",
    }
