"""The connection to a real directory: its certificate, the next server, and no referral."""

from pathlib import Path

import pytest

from quetsach.api.problems import QuetsachError
from quetsach_portal.people.directory.answers import DirectoryOutcome
from quetsach_portal.people.directory.asking import prove
from quetsach_portal.people.directory.connecting import ldap3
from tests.portal.people.directory.slapd_server import BASE, PASSWORD, Slapd

RIGHT, WRONG = DirectoryOutcome.RIGHT, DirectoryOutcome.WRONG


def test_the_server_of_these_tests_lets_in_a_name_without_a_password(slapd: Slapd) -> None:
    server = ldap3.Server(slapd.plain, get_info=ldap3.NONE)
    with ldap3.Connection(server) as line:
        # The trap: a simple bind with a name and b"" is a success, and binds nobody.
        line.user, line.password = f"uid=an,ou=people,{BASE}", b""
        request = ldap3.operation.bind.bind_operation(3, ldap3.SIMPLE, line.user, b"x")
        request["authentication"].setComponentByName("simple", b"")
        line.post_send_single_response(line.send("bindRequest", request, None))
        assert line.result["result"] == 0


@pytest.mark.asvs("V12.3.2")
@pytest.mark.parametrize("is_starttls", [False, True], ids=["ldaps", "starttls"])
@pytest.mark.parametrize("trouble", ["another authority", "another name", "no authorities"])
def test_a_certificate_that_is_not_the_servers_is_refused(
    slapd: Slapd, tmp_path: Path, trouble: str, is_starttls: bool
) -> None:
    uri = slapd.plain if is_starttls else slapd.secure
    changed = {
        "another authority": {"CA": ""},
        "another name": {"URIS": uri.replace("127.0.0.1", "localhost")},
        "no authorities": {"CA": str(tmp_path / "khong-co.pem")},
    }[trouble]
    with pytest.raises(QuetsachError) as raised:
        prove(slapd.settings(**{"URIS": uri, **changed}), "an", PASSWORD)
    assert raised.value.problem.code == "E632"
    words = {"another authority": "certificate verify failed", "another name": "localhost"}
    assert words.get(trouble, "") in str(raised.value)
    assert raised.value.problem.facts["reason"][0].isalpha()


def test_the_next_server_is_asked_where_one_is_away(slapd: Slapd) -> None:
    settings = slapd.settings(URIS=f"ldaps://127.0.0.1:1,{slapd.secure}")
    assert prove(settings, "an", PASSWORD).outcome is RIGHT


def test_a_server_that_is_away_is_told(slapd: Slapd) -> None:
    with pytest.raises(QuetsachError) as raised:
        prove(slapd.settings(URIS="ldaps://127.0.0.1:1"), "an", PASSWORD)
    assert raised.value.problem.code == "E632"
    assert "127.0.0.1:1" in str(raised.value)


def test_a_referral_is_not_followed(slapd: Slapd) -> None:
    name = f"cn=noi-khac,ou=people,{BASE}"
    with slapd.as_root() as line:
        there = {
            "objectClass": ["referral", "extensibleObject"],
            "cn": "noi-khac",
            "ref": f"ldap://127.0.0.1:1/ou=people,{BASE}",
        }
        assert line.add(name, attributes=there, controls=[("2.16.840.1.113730.3.4.2", True, None)])
        try:
            assert prove(slapd.settings(), "an", PASSWORD).outcome is RIGHT
            assert prove(slapd.settings(), "noi-khac", PASSWORD).outcome is WRONG
        finally:
            line.delete(name, controls=[("2.16.840.1.113730.3.4.2", True, None)])
