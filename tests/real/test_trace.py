"""Sessions that an attacker saw from a public address, traced to the machine inside.

The attacker's own console gives public address, port and time; sensors inside saw the machine.
"""

import json
from pathlib import Path

import pytest

from quetsach.api import traces

pytestmark = pytest.mark.real

CAMPAIGNS = ("01", "02", "03", "04")


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_each_session_leads_to_the_machine_that_the_source_documents(
    data: Path, tmp_path: Path, campaign: str
) -> None:
    scenario = data / "scenarios/D2-lsass-nat-01-04"
    truth = json.loads((scenario / "expected/ground-truth.json").read_text(encoding="utf-8"))
    (told,) = [one for one in truth["campaigns"] if one["campaign"] == campaign]
    (session,) = told["documented_by_source"]["meterpreter_sessions"]
    (victim,) = told["documented_by_source"]["victim_inside_addresses_in_transcript"]
    address, port = session["seen_from_public"].split(":")
    listener, listener_port = session["listener"].split(":")
    notice = tmp_path / "notice.csv"
    notice.write_text(
        "timestamp,ip,port,dst_ip,dst_port\n"
        f"{session['time']},{address},{port},{listener},{listener_port}\n",
        encoding="utf-8",
    )
    request = traces.trace_request(
        notices=[str(notice)],
        evidence=[str(scenario / f"evidence/campaign-{campaign}")],
        inside=["192.168.1.0/24"],
        accept_private=True,
    )
    answer = traces.trace(request)
    (row,) = answer["notices"]
    assert row["outcome"] == "device"
    assert row["addresses"] == [victim]
    assert row["grade"] == "likely"
    assert row["steps"][0]["place"]["path"].endswith("conn.log")
    assert "translation" in {one["log"] for one in row["missing"]}
