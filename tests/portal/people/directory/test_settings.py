"""Settings of a directory that are unsafe or make no sense are refused by their name."""

from pathlib import Path

import pytest

from quetsach.api.problems import QuetsachError
from quetsach_portal.people.directory.settings import IDS, VARIABLES, read_directory
from quetsach_portal.people.directory.settings import DirectorySettings as Settings

USUAL = {"URIS": "ldaps://dc1.coquan.example", "BASE": "ou=people,dc=coquan"}
TEMPLATE = {"URIS": "ldaps://dc1.coquan.example", "DN_TEMPLATE": "uid={login},ou=people"}


def read(usual: dict[str, str] = USUAL, **changed: str) -> Settings | None:
    found = {**usual, **changed}
    return read_directory({f"QUETSACH_LDAP_{name}": text for name, text in found.items()})


def test_without_a_server_there_is_no_directory() -> None:
    assert read_directory({}) is None
    assert read(URIS=" , ") is None


def test_the_usual_settings_are_those_of_the_table() -> None:
    directory = read()
    assert directory is not None
    usual = {name.removeprefix("QUETSACH_LDAP_"): text for name, text, _what in VARIABLES}
    assert directory.name == "dc1.coquan.example"
    assert directory.filter == usual["FILTER"]
    assert directory.id_attribute == usual["ID_ATTRIBUTE"] == IDS[0]
    assert directory.mail_attribute == usual["MAIL_ATTRIBUTE"]
    assert directory.name_attribute == usual["NAME_ATTRIBUTE"]
    assert directory.timeout_s == int(usual["TIMEOUT"])
    assert (directory.is_plain, directory.authorities, directory.bind_dn) == (False, None, "")


def test_every_setting_is_read() -> None:
    directory = read(
        URIS="ldap://dc1.coquan.example:389, ldaps://[2001:db8::1]",
        NAME="Danh bạ",
        CA="/etc/ca.pem",
        FILTER="(sAMAccountName={login})",
        BIND_DN="cn=reader",
        BIND_FILE="/run/reader",
        ID_ATTRIBUTE="OBJECTGUID",
        MAIL_ATTRIBUTE="userPrincipalName",
        NAME_ATTRIBUTE="displayName",
        GROUP="cn=g,dc=coquan",
        TIMEOUT="9",
    )
    assert directory == Settings(
        name="Danh bạ",
        uris=("ldap://dc1.coquan.example:389", "ldaps://[2001:db8::1]"),
        is_plain=False,
        authorities=Path("/etc/ca.pem"),
        base="ou=people,dc=coquan",
        filter="(sAMAccountName={login})",
        bind_dn="cn=reader",
        bind_file=Path("/run/reader"),
        dn_template="",
        id_attribute="objectGUID",
        mail_attribute="userPrincipalName",
        name_attribute="displayName",
        group="cn=g,dc=coquan",
        timeout_s=9,
    )


@pytest.mark.parametrize(
    ("usual", "changed"),
    [
        (USUAL, {"URIS": "dc1.coquan.example"}),
        (USUAL, {"URIS": "ldapi:///run/slapd"}),
        (USUAL, {"URIS": "https://dc1.coquan.example"}),
        (USUAL, {"URIS": "ldaps://"}),
        (USUAL, {"URIS": "ldaps://dc1.coquan.example:x"}),
        (USUAL, {"URIS": "ldaps://[::1"}),
        (USUAL, {"URIS": "ldaps://an:mat-khau@dc1.coquan.example"}),
        (USUAL, {"URIS": "ldaps://dc1.coquan.example/dc=coquan"}),
        (USUAL, {"BASE": ""}),
        (USUAL, {"DN_TEMPLATE": "uid={login},ou=people"}),
        (TEMPLATE, {"DN_TEMPLATE": "{login}@coquan.example"}),
        (TEMPLATE, {"DN_TEMPLATE": "uid=an,ou=people"}),
        (USUAL, {"FILTER": "uid={login}"}),
        (USUAL, {"FILTER": "(uid=an)"}),
        (USUAL, {"BIND_DN": "cn=reader"}),
        (USUAL, {"BIND_FILE": "/run/reader"}),
        (USUAL, {"ID_ATTRIBUTE": "mail"}),
        (USUAL, {"ID_ATTRIBUTE": "uidNumber"}),
        (USUAL, {"MAIL_ATTRIBUTE": "mail)(x"}),
        (USUAL, {"NAME_ATTRIBUTE": "*"}),
        (USUAL, {"GROUP": "quetsach"}),
        (USUAL, {"TIMEOUT": "0"}),
        (USUAL, {"TIMEOUT": "31"}),
        (USUAL, {"TIMEOUT": "1.5"}),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(usual, changed: dict[str, str]) -> None:
    with pytest.raises(QuetsachError) as raised:
        read(usual, **changed)
    assert raised.value.problem.code == "E630"
    (name,) = changed
    words = (name, "BASE") if name == "DN_TEMPLATE" else (name, "BIND_FILE")
    assert raised.value.problem.where.removeprefix("QUETSACH_LDAP_") in words
    assert "mat-khau" not in str(raised.value)


@pytest.mark.asvs("V12.3.1")
def test_without_tls_only_a_directory_of_this_machine_is_asked() -> None:
    for host in ("127.0.0.1", "[::1]", "localhost", "127.0.0.2:1389"):
        assert read(URIS=f"ldap://{host}", PLAIN="1") is not None
    for host in ("dc1.coquan.example", "10.0.0.5", "[2001:db8::1]", "localhost.example"):
        assert read(URIS=f"ldap://{host}") is not None
        with pytest.raises(QuetsachError) as raised:
            read(URIS=f"ldaps://127.0.0.1,ldap://{host}", PLAIN="1")
        assert raised.value.problem.code == "E631"


def test_a_template_needs_no_search() -> None:
    directory = read(TEMPLATE)
    assert directory is not None
    assert (directory.base, directory.filter) == ("", "(objectClass=*)")
