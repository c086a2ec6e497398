"""The same options make the same request, whichever command has them."""

from pathlib import Path

from quetsach.cli.sweep_options import own_tables_of, request_of


def test_options_become_a_request(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("bad.example\n")
    options = {
        **dict.fromkeys(("allow", "inside", "sources", "nat", "inventory", "plan", "public"), ()),
        **dict.fromkeys(("overrides", "decisions")),
        "leases": ("leases.csv",),
        "lists": (listed,),
        "zone": "Asia/Ho_Chi_Minh",
        "accept_private": False,
        "accept_doubtful": None,
    }
    request = request_of(options, ["logs"], None, out=tmp_path)
    assert request.evidence == ("logs", "leases.csv")
    assert len(request.indicators.indicators) == 1
    assert request.options.zone_declared
    assert own_tables_of(options).leases == ("leases.csv",)
