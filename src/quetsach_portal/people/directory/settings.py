"""The directory as the operator describes it: one typed value; what is unsafe is refused at once.

No address without TLS, but for this machine; and an id that a directory gives to nobody else.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from quetsach.api.problems import QuetsachError

LOGIN = "{login}"
"""What stands for the user name in a filter or a template; it is escaped there."""

IDS = ("entryUUID", "objectGUID", "nsUniqueId", "ipaUniqueID", "GUID")
"""Attributes that a server fills and never gives again: RFC 4530; Active Directory; 389; IPA."""

LONGEST_TIMEOUT_S = 30

VARIABLES: tuple[tuple[str, str, str], ...] = (
    (
        "QUETSACH_LDAP_URIS",
        "none: no sign-in by a directory",
        "servers of one directory, tried in this order, with commas: `ldaps://dc1.office.example`; "
        "`ldap://` is made safe by StartTLS",
    ),
    ("QUETSACH_LDAP_NAME", "the first host", "what the sign-in page calls the directory"),
    ("QUETSACH_LDAP_PLAIN", "0", "1: no TLS; taken for addresses of this machine alone"),
    ("QUETSACH_LDAP_CA", "those of the system", "PEM file with the authorities that are believed"),
    ("QUETSACH_LDAP_BASE", "none", "where people are looked for: `ou=people,dc=office,dc=example`"),
    (
        "QUETSACH_LDAP_FILTER",
        "(uid={login})",
        "who is meant by a user name; for Active Directory `(sAMAccountName={login})`",
    ),
    ("QUETSACH_LDAP_BIND_DN", "none: anonymous", "account that looks for people; it only reads"),
    ("QUETSACH_LDAP_BIND_FILE", "none", "file whose first line is the password of that account"),
    (
        "QUETSACH_LDAP_DN_TEMPLATE",
        "none",
        "instead of a base: nobody is looked for, a person is `uid={login},ou=people,dc=office`",
    ),
    (
        "QUETSACH_LDAP_ID_ATTRIBUTE",
        "entryUUID",
        "by which a person is known for good: entryUUID, objectGUID (Active Directory), "
        "nsUniqueId, ipaUniqueID or GUID",
    ),
    (
        "QUETSACH_LDAP_MAIL_ATTRIBUTE",
        "mail",
        "address, which only those who run the directory may write: at the first sign-in it says "
        "whose account here it is",
    ),
    ("QUETSACH_LDAP_NAME_ATTRIBUTE", "cn", "name, shown to who has no account here"),
    ("QUETSACH_LDAP_GROUP", "none", "only members of this group (its DN) may sign in this way"),
    ("QUETSACH_LDAP_TIMEOUT", "5", "seconds that a server has for each answer"),
)
"""Every variable: name, what holds without it, what it is."""


@dataclass(frozen=True)
class DirectorySettings:
    """One directory, and how people are found in it.

    Shapes: either `base` or `dn_template` is empty; `filter` and `dn_template` hold LOGIN;
    `group` is "" where everybody may sign in.
    """

    name: str
    uris: tuple[str, ...]
    is_plain: bool
    authorities: Path | None
    base: str
    filter: str
    bind_dn: str
    bind_file: Path | None
    dn_template: str
    id_attribute: str
    mail_attribute: str
    name_attribute: str
    group: str
    timeout_s: int


def read_directory(environ: Mapping[str, str]) -> DirectorySettings | None:
    """Return the directory that `environ` describes, None where it names no server.

    Errors: QuetsachError E630 for a setting that makes no sense, E631 for an unsafe address.
    """

    def text(name: str, otherwise: str = "") -> str:
        return environ.get(f"QUETSACH_LDAP_{name}", "").strip() or otherwise

    uris = tuple(uri.strip() for uri in text("URIS").split(",") if uri.strip())
    if not uris:
        return None
    is_plain = text("PLAIN") == "1"
    _refuse_addresses(uris, is_plain=is_plain)
    template = text("DN_TEMPLATE")
    directory = DirectorySettings(
        name=text("NAME", urlsplit(uris[0]).hostname or ""),
        uris=uris,
        is_plain=is_plain,
        authorities=Path(text("CA")) if text("CA") else None,
        base=text("BASE"),
        filter=text("FILTER", "(objectClass=*)" if template else f"(uid={LOGIN})"),
        bind_dn=text("BIND_DN"),
        bind_file=Path(text("BIND_FILE")) if text("BIND_FILE") else None,
        dn_template=template,
        id_attribute=_id_attribute(text("ID_ATTRIBUTE", IDS[0])),
        mail_attribute=_attribute("MAIL_ATTRIBUTE", text("MAIL_ATTRIBUTE", "mail")),
        name_attribute=_attribute("NAME_ATTRIBUTE", text("NAME_ATTRIBUTE", "cn")),
        group=text("GROUP"),
        timeout_s=_seconds(text("TIMEOUT", "5")),
    )
    _refuse_searches(directory)
    return directory


def _refuse(name: str, right: str) -> QuetsachError:
    return QuetsachError("E630", f"QUETSACH_LDAP_{name}", right=right)


def _refuse_addresses(uris: tuple[str, ...], *, is_plain: bool) -> None:
    for uri in uris:
        try:
            parts = urlsplit(uri)
            is_right = (
                parts.scheme in ("ldap", "ldaps") and bool(parts.hostname) and parts.port != 0
            )
        except ValueError:
            is_right = False
        if not is_right or parts.path.strip("/") or parts.query or parts.username is not None:
            raise _refuse("URIS", "ldaps://dc1.office.example, ldap://dc2.office.example:389")
        if is_plain and parts.scheme == "ldap" and not _is_here(parts.hostname or ""):
            raise QuetsachError("E631", "QUETSACH_LDAP_PLAIN", host=parts.hostname or "")


def _is_here(host: str) -> bool:
    """True for a name or address of this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_searches(directory: DirectorySettings) -> None:
    if bool(directory.base) == bool(directory.dn_template):
        raise _refuse("BASE", "ou=people,dc=office,dc=example | QUETSACH_LDAP_DN_TEMPLATE")
    # A name like `an@office.example` is no DN: whom it opens need not be whom a search returns.
    template = directory.dn_template
    if template and (LOGIN not in template or "=" not in template.partition(LOGIN)[0]):
        raise _refuse("DN_TEMPLATE", f"uid={LOGIN},ou=people,dc=office,dc=example")
    has_brackets = directory.filter.startswith("(") and directory.filter.endswith(")")
    if not has_brackets or (directory.base and LOGIN not in directory.filter):
        raise _refuse("FILTER", f"(uid={LOGIN})")
    if directory.base and bool(directory.bind_dn) != (directory.bind_file is not None):
        raise _refuse("BIND_FILE", "QUETSACH_LDAP_BIND_DN + QUETSACH_LDAP_BIND_FILE")
    if directory.group and "=" not in directory.group:
        raise _refuse("GROUP", "cn=quetsach,ou=groups,dc=office,dc=example")


def _id_attribute(name: str) -> str:
    for known in IDS:
        if known.lower() == name.lower():
            return known
    raise _refuse("ID_ATTRIBUTE", ", ".join(IDS))


def _attribute(setting: str, name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,63}", name):
        raise _refuse(setting, "mail, cn, displayName")
    return name


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST_TIMEOUT_S:
        raise _refuse("TIMEOUT", f"1-{LONGEST_TIMEOUT_S}")
    return int(text)
