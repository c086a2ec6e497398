"""What a real directory says of names and passwords, and what is never sent to it."""

import uuid
from pathlib import Path

import pytest

from quetsach.api.problems import QuetsachError
from quetsach_portal.config import answering_threads
from quetsach_portal.people.directory import asking
from quetsach_portal.people.directory.answers import DirectoryOutcome
from quetsach_portal.people.directory.asking import look_up, prove
from quetsach_portal.people.directory.connecting import ldap3
from quetsach_portal.people.directory.settings import LOGIN
from tests.portal.people.directory.slapd_server import (
    AD_PASSWORD,
    BASE,
    GROUP,
    GUID,
    PASSWORD,
    READER_PASSWORD,
    Slapd,
    running_slapd,
)

RIGHT, WRONG = DirectoryOutcome.RIGHT, DirectoryOutcome.WRONG
TEMPLATE = f"uid={LOGIN},ou=people,{BASE}"
BY_TEMPLATE = {"BASE": "", "BIND_DN": "", "BIND_FILE": "", "DN_TEMPLATE": TEMPLATE}
AD = {
    "BASE": f"ou=ad,{BASE}",
    "FILTER": f"(&(sAMAccountName={LOGIN})(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
    "ID_ATTRIBUTE": "objectguid",
    "NAME_ATTRIBUTE": "displayName",
}


@pytest.mark.asvs("V12.3.1")
@pytest.mark.parametrize("way", [{}, BY_TEMPLATE], ids=["search", "template"])
@pytest.mark.parametrize("is_starttls", [False, True], ids=["ldaps", "starttls"])
def test_the_right_password_proves_a_person(slapd: Slapd, way, is_starttls: bool) -> None:
    uri = slapd.plain if is_starttls else slapd.secure
    answer = prove(slapd.settings(**way, URIS=uri), "an", PASSWORD)
    assert answer.outcome is RIGHT
    assert answer.person is not None
    assert answer.person.mails == ("can.bo@coquan.example",)
    assert answer.person.name == "Cán Bộ an"
    assert str(uuid.UUID(answer.person.id)) == answer.person.id


@pytest.mark.asvs("V1.2.6")
@pytest.mark.parametrize("way", [{}, BY_TEMPLATE], ids=["search", "template"])
@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("an", "sai"),
        ("an", ""),
        ("an", "  "),
        ("an", "a\0b"),
        ("khong.ai", PASSWORD),
        ("", PASSWORD),
        ("*", PASSWORD),
        ("a*", PASSWORD),
        ("*)(uid=*", PASSWORD),
        ("an)(|(uid=*", PASSWORD),
        ("an\0", PASSWORD),
        ("an,ou=people", PASSWORD),
        ("an+cn=x", PASSWORD),
        ("\\61n", PASSWORD),
        ("a\u00adn", PASSWORD),
        ("x" * 5000, PASSWORD),
        ("an", "x" * 100_000),
    ],
)
def test_nothing_else_does(slapd: Slapd, way, login: str, password: str) -> None:
    answer = prove(slapd.settings(**way), login, password)
    assert answer.outcome is WRONG


def test_a_name_that_means_two_is_refused_before_a_password_is_tried(slapd: Slapd) -> None:
    settings = slapd.settings(FILTER=f"(employeeNumber={LOGIN})")
    assert prove(settings, "7", PASSWORD).outcome is DirectoryOutcome.SEVERAL
    assert len(look_up(settings, "7").people) == 2


def test_a_base_that_is_not_there_is_told_and_is_no_unknown_name(slapd: Slapd) -> None:
    with pytest.raises(QuetsachError, match="E632"):
        prove(slapd.settings(BASE=f"ou=khong,{BASE}"), "an", PASSWORD)


def test_the_account_that_searches_is_told_when_it_is_refused(slapd: Slapd, tmp_path: Path) -> None:
    for text in ("sai", "", None):
        path = tmp_path / "reader"
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)
            path.chmod(0o640)
        with pytest.raises(QuetsachError) as raised:
            look_up(slapd.settings(BIND_FILE=str(path)), "an")
        assert raised.value.problem.code == "E633"


@pytest.mark.asvs("V13.3.2")
def test_a_password_that_others_may_read_is_not_used(slapd: Slapd, tmp_path: Path) -> None:
    path = tmp_path / "reader"
    path.write_text(READER_PASSWORD)
    path.chmod(0o644)
    with pytest.raises(QuetsachError, match="E626"):
        look_up(slapd.settings(BIND_FILE=str(path)), "an")
    path.chmod(0o640)
    assert look_up(slapd.settings(BIND_FILE=str(path)), "an").people


def test_only_members_of_the_group_are_let_in(slapd: Slapd) -> None:
    settings = slapd.settings(GROUP=GROUP)
    assert prove(settings, "trong", PASSWORD).outcome is RIGHT
    assert prove(settings, "an", PASSWORD).outcome is DirectoryOutcome.NOT_IN_GROUP
    assert prove(settings, "an", "sai").outcome is WRONG
    absent = slapd.settings(GROUP=f"cn=khong,ou=groups,{BASE}")
    assert prove(absent, "trong", PASSWORD).outcome is DirectoryOutcome.NOT_IN_GROUP


def test_attributes_of_active_directory_are_a_matter_of_settings(slapd: Slapd) -> None:
    settings = slapd.settings(**AD)
    answer = prove(settings, "Nguyen.An", AD_PASSWORD)
    assert answer.outcome is RIGHT
    assert answer.person is not None
    assert (answer.person.id, answer.person.name) == (str(GUID), "Nguyen An")
    assert answer.person.mails == ("can.bo@coquan.example",)
    # The second bit of userAccountControl: the account is disabled.
    assert prove(settings, "le.tat", AD_PASSWORD).outcome is WRONG


def test_who_has_no_lasting_number_is_not_let_in(slapd: Slapd) -> None:
    settings = slapd.settings(ID_ATTRIBUTE="ipaUniqueID")
    assert prove(settings, "an", PASSWORD).outcome is DirectoryOutcome.WITHOUT_ID


def test_an_account_that_the_directory_locks_or_loses_is_let_in_no_more(
    tmp_path: Path, certificate: Path
) -> None:
    with running_slapd(tmp_path, certificate) as server:
        settings, dn = server.settings(), f"uid=an,ou=people,{BASE}"
        assert prove(settings, "an", PASSWORD).outcome is RIGHT
        with server.as_root() as line:
            # Source: draft-behera-ldap-password-policy-10, 5.3.3; this value locks for good.
            locked = {"pwdAccountLockedTime": [(ldap3.MODIFY_ADD, ["000001010000Z"])]}
            assert line.modify(dn, locked), line.result
        assert prove(settings, "an", PASSWORD).outcome is WRONG
        assert prove(settings, "binh", PASSWORD).outcome is RIGHT
        with server.as_root() as line:
            assert line.delete(f"uid=binh,ou=people,{BASE}")
        assert prove(settings, "binh", PASSWORD).outcome is WRONG


def test_who_comes_while_all_doors_are_taken_is_told_so(slapd: Slapd) -> None:
    taken = [asking._doors.acquire(timeout=1) for _ in range(asking.AT_ONCE)]
    try:
        assert prove(slapd.settings(TIMEOUT="1"), "an", PASSWORD).outcome is DirectoryOutcome.BUSY
    finally:
        for _ in taken:
            asking._doors.release()
    assert prove(slapd.settings(), "an", PASSWORD).outcome is RIGHT


def test_some_threads_of_a_process_always_go_on_serving_pages(slapd: Slapd) -> None:
    assert asking.AT_MOST < answering_threads.THREADS
    taken = [asking._places.acquire(blocking=False) for _ in range(asking.AT_MOST)]
    try:
        # Nobody else waits, though the directory would answer.
        assert prove(slapd.settings(), "an", PASSWORD).outcome is DirectoryOutcome.BUSY
    finally:
        for _ in taken:
            asking._places.release()
    assert prove(slapd.settings(), "an", PASSWORD).outcome is RIGHT
