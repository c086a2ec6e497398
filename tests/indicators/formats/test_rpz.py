"""Response policy zones."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.indicators.formats.lists import form, read, refused, rules

ZONE = """$TTL 60
$ORIGIN rpz.office.example.
@ IN SOA localhost. root.localhost. (
    2022091201 ; serial
    3600 600 86400 60 )
  IN NS localhost.
bad.example        CNAME .            ; Emotet
*.bad.example      CNAME .
one.example.rpz.office.example. 300 IN CNAME *.
*.below.example    IN CNAME rpz-drop.
led.example        A 192.0.2.80
32.7.113.0.203.rpz-ip     CNAME .
24.0.100.51.198.rpz-ip    CNAME .
128.7.zz.db8.2001.rpz-ip  CNAME .
good.example       CNAME rpz-passthru.
32.9.0.0.10.rpz-client-ip CNAME rpz-drop.
ns.bad.example.rpz-nsdname CNAME .
note.example       TXT "why"
what is this
"""


def test_names_and_addresses_are_read_as_the_resolver_reads_them(tmp_path: Path) -> None:
    found = read(tmp_path, "rpz.zone", ZONE)
    assert form(found) == "rpz"
    assert rules(found) == [
        ("198.51.100.0/24", "cidr"),
        ("2001:db8::7", "exact"),
        ("203.0.113.7", "exact"),
        ("bad.example", "below"),
        ("below.example", "below"),
        ("led.example", "exact"),
        ("one.example", "exact"),
    ]
    assert {one.key: one.label for one in found.indicators}["bad.example"] == "Emotet"


def test_exceptions_own_clients_and_conditions_are_told(tmp_path: Path) -> None:
    assert refused(read(tmp_path, "rpz.zone", ZONE)) == [
        (15, "exception"),
        (16, "context"),
        (17, "not-applied"),
        (18, "other-kind"),
        (19, "unparsable"),
    ]


def test_the_zone_is_told_by_its_soa_where_no_origin_stands(tmp_path: Path) -> None:
    text = "rpz.example. 60 IN SOA a. b. 1 2 3 4 5\nrpz.example. IN NS a.\n"
    found = read(tmp_path, "z", text + "bad.example.rpz.example. IN CNAME .\n")
    assert rules(found) == [("bad.example", "exact")]


def test_a_zone_of_machines_is_no_policy(tmp_path: Path) -> None:
    text = "@ IN SOA a. b. 1 2 3 4 5\nwww IN CNAME web.office.example.\nweb IN A 192.0.2.1\n"
    assert form(read(tmp_path, "office.zone", text)) != "rpz"


def test_a_zone_that_leads_to_a_sensor_is_known_by_its_name(tmp_path: Path) -> None:
    text = "$ORIGIN rpz.office.example.\n@ 60 IN SOA a. b. 1 2 3 4 5\n@ IN NS a.\n"
    found = read(tmp_path, "z", text + "bad.example CNAME sensor.office.example.\n")
    assert rules(found) == [("bad.example", "exact")]


def test_the_sample_is_a_zone_to_bind_itself(tmp_path: Path) -> None:
    program = shutil.which("named-checkzone")
    if program is None:
        pytest.skip("NOT TESTED: no named-checkzone")
    zone = tmp_path / "zone"
    zone.write_text(ZONE.replace("what is this\n", ""))
    run = subprocess.run(
        [program, "rpz.office.example", str(zone)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
