"""What the directory says of a user name and a password.

Nothing of a person's is believed before their own bind succeeded. A bind with a name and no
password succeeds at many servers and proves nothing (RFC 4513, 5.1.2): an empty one never gets
there.
"""

import os
import threading
import uuid
from typing import Any

from quetsach.api.configuration import refuse_open_secret
from quetsach.api.problems import QuetsachError
from quetsach_portal.people.directory.answers import (
    DirectoryAnswer,
    DirectoryOutcome,
    DirectoryPerson,
    FoundPeople,
    written_name,
)
from quetsach_portal.people.directory.connecting import (
    bind,
    connected,
    entries_of,
    escape_filter_chars,
    escape_rdn,
    reason_of,
)
from quetsach_portal.people.directory.settings import LOGIN, DirectorySettings

_MOST_MAILS = 20
_LONGEST_TEXT = 254
_LONGEST_PASSWORD = 1024
_NOBODY = "cn=quetsach-nobody"

AT_ONCE = 3
"""So many threads of a process may ask the directory."""

AT_MOST = 2 * AT_ONCE
"""So many may ask it or wait their turn; the others of `config/answering_threads.py` go on serving
pages, also while a directory is away and somebody signs in again and again."""

_doors = threading.BoundedSemaphore(AT_ONCE)
_places = threading.BoundedSemaphore(AT_MOST)


def prove(directory: DirectorySettings, login: str, password: str) -> DirectoryAnswer:
    """Return whether `password` is that of the one person whom `login` means.

    Errors: QuetsachError E632 or E633 where the directory does not do its part.
    """
    name = written_name(login)
    if not name or not password.strip() or "\0" in password:
        return DirectoryAnswer(DirectoryOutcome.WRONG)
    if not _places.acquire(blocking=False):
        return DirectoryAnswer(DirectoryOutcome.BUSY)
    try:
        if not _doors.acquire(timeout=directory.timeout_s):
            return DirectoryAnswer(DirectoryOutcome.BUSY)
        try:
            with connected(directory) as line:
                way = _by_template if directory.dn_template else _by_search
                return way(line, directory, name, password)
        finally:
            _doors.release()
    finally:
        _places.release()


def look_up(directory: DirectorySettings, login: str) -> FoundPeople:
    """Return who is meant by `login`; where a template says it, an entry without anything.

    Errors: QuetsachError E632 or E633.
    """
    name = written_name(login)
    with connected(directory) as line:
        if directory.dn_template:
            person = DirectoryPerson(_templated(directory, name), "", (), "")
            return FoundPeople(line.server.name, (person,) if name else (), None)
        _bind_searcher(line, directory)
        people = _people(line, directory, name) if name else ()
        is_in_group = _is_in_group(line, directory, people[0]) if len(people) == 1 else None
        return FoundPeople(line.server.name, people, is_in_group)


def _by_search(
    line: Any, directory: DirectorySettings, name: str, password: str
) -> DirectoryAnswer:
    _bind_searcher(line, directory)
    people = _people(line, directory, name)
    if len(people) != 1:
        # The same steps as for a known name, so that nobody learns by the time who is known.
        nobody = DirectoryPerson(f"{_NOBODY},{directory.base}", "", (), "")
        _is_in_group(line, directory, nobody)
        bind(line, nobody.dn, password)
        several = DirectoryOutcome.SEVERAL if people else DirectoryOutcome.WRONG
        return DirectoryAnswer(several)
    person = people[0]
    is_in_group = _is_in_group(line, directory, person)
    if not bind(line, person.dn, password):
        return DirectoryAnswer(DirectoryOutcome.WRONG, person)
    return _judged(person, is_in_group=is_in_group)


def _by_template(
    line: Any, directory: DirectorySettings, name: str, password: str
) -> DirectoryAnswer:
    if not bind(line, _templated(directory, name), password):
        return DirectoryAnswer(DirectoryOutcome.WRONG)
    people = _people(line, directory, name)
    if len(people) != 1:
        return DirectoryAnswer(DirectoryOutcome.WRONG)
    return _judged(people[0], is_in_group=_is_in_group(line, directory, people[0]))


def _judged(person: DirectoryPerson, *, is_in_group: bool) -> DirectoryAnswer:
    if not person.id:
        return DirectoryAnswer(DirectoryOutcome.WITHOUT_ID, person)
    outcome = DirectoryOutcome.RIGHT if is_in_group else DirectoryOutcome.NOT_IN_GROUP
    return DirectoryAnswer(outcome, person)


def _templated(directory: DirectorySettings, name: str) -> str:
    return directory.dn_template.replace(LOGIN, escape_rdn(name) if name else "")


# What is asked.


def _bind_searcher(line: Any, directory: DirectorySettings) -> None:
    """Bind the account that looks for people. Errors: QuetsachError E625, E626, E633."""
    if directory.bind_file is None:
        return
    try:
        with directory.bind_file.open(encoding="utf-8") as file:
            refuse_open_secret(directory.bind_file, os.fstat(file.fileno()))
            password = file.readline(_LONGEST_PASSWORD).rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise QuetsachError("E633", str(directory.bind_file), reason=reason_of(error)) from error
    if not password or not bind(line, directory.bind_dn, password):
        reason = line.result["description"] if password and line.result else "empty file"
        raise QuetsachError("E633", directory.bind_dn, reason=reason)


def _people(line: Any, directory: DirectorySettings, name: str) -> tuple[DirectoryPerson, ...]:
    """Return who is meant, at most two: more than one is refused all the same."""
    attributes = (directory.id_attribute, directory.mail_attribute, directory.name_attribute)
    entries = entries_of(
        line,
        base=directory.base or _templated(directory, name),
        is_base_alone=not directory.base,
        filter_text=directory.filter.replace(LOGIN, escape_filter_chars(name)),
        attributes=[*dict.fromkeys(attributes)],
        timeout_s=directory.timeout_s,
    )
    return tuple(_person(entry, directory) for entry in entries)


def _is_in_group(line: Any, directory: DirectorySettings, person: DirectoryPerson) -> bool:
    """True where no group is asked for, or `person` is a member of it, directly or by a group.

    The rule by which a group within a group counts is Active Directory's; others leave it out.
    """
    if not directory.group:
        return True
    dn = escape_filter_chars(person.dn)
    members = f"(|(member={dn})(uniqueMember={dn})(member:1.2.840.113556.1.4.1941:={dn}))"
    entries = entries_of(
        line,
        base=directory.group,
        is_base_alone=True,
        filter_text=members,
        attributes=[],
        timeout_s=directory.timeout_s,
    )
    return len(entries) == 1


def _person(raw_entry: dict[str, Any], directory: DirectorySettings) -> DirectoryPerson:
    values = {str(key).lower(): raw for key, raw in raw_entry["raw_attributes"].items()}

    def texts(attribute: str) -> list[str]:
        raw = values.get(attribute.lower()) or []
        return [value.decode("utf-8", "replace").strip() for value in raw[:_MOST_MAILS]]

    names = texts(directory.name_attribute)
    return DirectoryPerson(
        dn=str(raw_entry["dn"]),
        id=_id_of(directory.id_attribute, values.get(directory.id_attribute.lower()) or []),
        mails=tuple(mail.lower() for mail in texts(directory.mail_attribute) if _is_address(mail)),
        name=names[0][:_LONGEST_TEXT] if names and names[0].isprintable() else "",
    )


def _is_address(mail: str) -> bool:
    """True for what may be an address; others no database takes, and no account has."""
    return mail.isprintable() and 0 < len(mail) <= _LONGEST_TEXT


def _id_of(attribute: str, raw: list[bytes]) -> str:
    """Return the id as text, "" for none, several, or one that is not of its kind."""
    if len(raw) != 1 or not raw[0]:
        return ""
    try:
        if attribute == "objectGUID":
            return str(uuid.UUID(bytes_le=raw[0]))
        return (
            str(uuid.UUID(raw[0].decode("ascii"))) if attribute == "entryUUID" else _other(raw[0])
        )
    except ValueError:
        return ""


def _other(raw: bytes) -> str:
    text = raw.decode("ascii", "replace")
    return (
        text if text.isprintable() and "\ufffd" not in text and len(text) <= 80 else raw.hex()[:80]
    )
