"""Tables of port block rules named with --nat are used as rules, and their flaws are told."""

import gzip
import json
from pathlib import Path
from typing import Any

from quetsach.api.traces import trace, trace_request
from quetsach.sweeping.own_network import OwnTables, read_knowledge, rules_in
from tests.sweeping.evidence import write
from tests.sweeping.test_evidence_checks_promised import ARP, RULES, TRACKED

OFFICE = TRACKED.replace("198.51.100.5", "100.64.0.1")
NOTICES = (
    "timestamp,ip,port,dst_ip,dst_port\n"
    # The rule gives 2032 to 3039 of 198.51.100.0 to 100.64.0.1.
    "2022-09-12 00:00:01,198.51.100.0,2100,203.0.113.77,443\n"
    "2022-09-12 00:00:01,198.51.100.0,9100,203.0.113.77,443\n"
)


def traced(tmp_path: Path, *nat: Path) -> list[dict[str, Any]]:
    notices = write(tmp_path / "notices.csv", NOTICES)
    neighbours = write(tmp_path / "neigh.txt", ARP)
    answer = trace(
        trace_request(
            notices=[str(notices)],
            evidence=[str(neighbours)],
            nat=[str(one) for one in nat],
            public=["198.51.100.0/30"],
        )
    )
    assert answer["unread"] == []
    found: list[dict[str, Any]] = json.loads(json.dumps(answer["notices"]))
    return found


def test_a_rule_leads_to_the_office_router_and_its_log_to_the_machine(tmp_path: Path) -> None:
    rules = write(tmp_path / "khoi-cong.csv", RULES)
    mine, _neighbours = traced(tmp_path, rules, write(tmp_path / "router.log", OFFICE))
    assert (mine["outcome"], mine["device"]) == ("device", "00-17-A4-00-00-05")
    # Arithmetic is no evidence: never better than likely.
    assert mine["grade"] == "likely"
    assert [one["kind"] for one in mine["steps"]][:2] == ["port-block", "translation"]


def test_a_port_of_another_customer_is_nobody_of_ours(tmp_path: Path) -> None:
    rules = write(tmp_path / "khoi-cong.csv", RULES)
    _mine, other = traced(tmp_path, rules, write(tmp_path / "router.log", OFFICE))
    assert (other["outcome"], other["device"]) == ("no-data", None)
    assert [one["log"] for one in other["missing"]] == ["translation"]
    assert "100.64.0.8" in other["because"]


def test_behind_a_rule_no_port_is_known_to_have_been_in_use(tmp_path: Path) -> None:
    rules = write(tmp_path / "khoi-cong.csv", RULES)
    elsewhere = OFFICE.replace("203.0.113.77", "192.0.2.8")
    mine, _other = traced(tmp_path, rules, write(tmp_path / "router.log", elsewhere))
    # The router's own log was read, so that it is not what is missing.
    assert (mine["outcome"], mine["rivals"]) == ("cannot-tell", [])
    assert mine["missing"] == []


def test_before_the_router_kept_its_log_it_is_named_once(tmp_path: Path) -> None:
    rules = write(tmp_path / "khoi-cong.csv", RULES)
    late = OFFICE.replace("1662940801", "1663940801")
    mine, _other = traced(tmp_path, rules, write(tmp_path / "router.log", late))
    assert (mine["outcome"], mine["because"].count("100.64.0.1")) == ("no-data", 1)


def test_rules_are_found_among_other_files_and_packed(tmp_path: Path) -> None:
    write(tmp_path / "nat" / "router.log", OFFICE)
    write(tmp_path / "nat" / "rules.csv.gz", gzip.compress(RULES.encode(), mtime=0))
    found = rules_in([str(tmp_path / "nat"), str(tmp_path / "gone")])
    assert len(found.rules) == 1
    assert [one.name for one in found.files] == ["rules.csv.gz"]
    assert found.problems == ()


def test_a_bad_row_is_told_and_the_good_ones_count(tmp_path: Path) -> None:
    table = write(tmp_path / "rules.csv", RULES + "100.64.0.1/26;198.51.100.0/30;1024;1008\n")
    known = read_knowledge(OwnTables(nat=[str(table)]))
    assert len(known.rules) == 1
    assert [(one.code, one.facts) for one in known.problems] == [("E261", {"row": 3})]
