"""A real directory: OpenLDAP's slapd with a configuration of the test, on this machine alone."""

import base64
import shutil
import socket
import ssl
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from quetsach_portal.people.directory.connecting import ldap3
from quetsach_portal.people.directory.settings import DirectorySettings, read_directory
from tests.waiting import wait_until

_PLACES = "/usr/sbin:/sbin:/usr/local/sbin:/usr/local/libexec"
SLAPD = shutil.which("slapd", path=_PLACES)
SLAPADD = shutil.which("slapadd", path=_PLACES)
SCHEMAS = Path("/etc/ldap/schema")
MODULES = Path("/usr/lib/ldap")

BASE = "dc=coquan,dc=example"
READER = f"cn=reader,{BASE}"
ROOT = f"cn=root,{BASE}"
PASSWORD = "mật khẩu ở danh bạ 1"  # of the test's own directory
READER_PASSWORD = "chi-doc-9"
GROUP = f"cn=quetsach,ou=groups,{BASE}"

_CONFIGURATION = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
# What entries of Active Directory have, by its own numbers ([MS-ADA1] to [MS-ADA3], [MS-ADSC]).
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP organizationalPerson STRUCTURAL
  MAY ( sAMAccountName $ userAccountControl $ objectGUID $ displayName $ mail ) )
modulepath {modules}
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/slapd.pid
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
# As some servers do: a name without a password is let in, as nobody (RFC 4513, 5.1.2).
allow bind_anon_dn bind_anon_cred
database mdb
maxsize 10485760
suffix "{base}"
rootdn "{root}"
rootpw {password}
directory {folder}/data
overlay ppolicy
ppolicy_default "cn=policy,{base}"
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by self read by * none
"""

_HEAD = f"""dn: {BASE}
objectClass: dcObject
objectClass: organization
o: Co quan
dc: coquan

dn: {READER}
objectClass: person
cn: reader
sn: reader
userPassword: {READER_PASSWORD}

dn: cn=policy,{BASE}
objectClass: device
objectClass: pwdPolicy
cn: policy
pwdAttribute: userPassword
pwdLockout: TRUE

dn: ou=people,{BASE}
objectClass: organizationalUnit
ou: people

dn: ou=groups,{BASE}
objectClass: organizationalUnit
ou: groups

dn: ou=ad,{BASE}
objectClass: organizationalUnit
ou: ad

dn: {GROUP}
objectClass: groupOfNames
cn: quetsach
member: uid=trong,ou=people,{BASE}
"""


def person(uid: str, mail: str, **more: str) -> dict[str, str]:
    """Return the attributes of an entry below `ou=people`."""
    return {"uid": uid, "cn": f"Cán Bộ {uid}", "sn": "Cán Bộ", "mail": mail, **more}


PEOPLE = (
    person("an", "can.bo@coquan.example"),
    person("binh", "binh@coquan.example"),
    person("trong", "trong@coquan.example"),
    # Two people with one number in the office: a filter by it means both.
    person("doi1", "doi1@coquan.example", employeeNumber="7"),
    person("doi2", "doi2@coquan.example", employeeNumber="7"),
)

GUID = uuid.UUID("8d3a5c1e-5b0e-4f0a-9b0e-2f3c4d5e6f70")
_AD = """dn: cn={cn},ou=ad,{base}
objectClass: user
cn: {cn}
sn: {cn}
sAMAccountName: {account}
userAccountControl: {control}
displayName: {cn}
mail: {mail}
objectGUID:: {guid}
userPassword: {password}
"""
AD_PASSWORD = "ad-mat-khau-1"


@dataclass
class Slapd:
    """A directory that runs, and what a portal has to know of it."""

    port: int
    tls_port: int
    folder: Path
    certificate: Path
    process: Any = field(default=None, repr=False)

    @property
    def secure(self) -> str:
        """The address with TLS from the first byte; the certificate has 127.0.0.1 alone."""
        return f"ldaps://127.0.0.1:{self.tls_port}"

    @property
    def plain(self) -> str:
        """The address that StartTLS makes safe."""
        return f"ldap://127.0.0.1:{self.port}"

    def environ(self, **changed: str) -> dict[str, str]:
        """Return the variables: search, then bind; `changed` goes before, "" takes one away."""
        usual = {
            "NAME": "Danh bạ cơ quan",
            "URIS": self.secure,
            "CA": str(self.certificate),
            "BASE": f"ou=people,{BASE}",
            "BIND_DN": READER,
            "BIND_FILE": str(self.folder / "reader"),
        }
        return {f"QUETSACH_LDAP_{name}": text for name, text in {**usual, **changed}.items()}

    def settings(self, **changed: str) -> DirectorySettings:
        """Return the settings, as `environ`."""
        directory = read_directory(self.environ(**changed))
        assert directory is not None
        return directory

    @contextmanager
    def as_root(self) -> Iterator[ldap3.Connection]:
        """Give a connection that may change everything, as who runs the directory."""
        server = ldap3.Server(self.plain, get_info=ldap3.NONE)
        line = ldap3.Connection(server, ROOT, READER_PASSWORD, auto_bind=True, check_names=False)
        try:
            yield line
        finally:
            line.unbind()

    def start(self, *, is_last: bool = False) -> None:
        """Run it, and wait until it answers."""
        assert SLAPD is not None
        self.process = subprocess.Popen(
            [
                *(SLAPD, "-d", "0", "-f", self.folder / "slapd.conf"),
                *("-h", f"{self.plain}/ {self.secure}/"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._answers, "slapd", within_s=20)
        except AssertionError:
            # A port was taken in between: once more with others.
            self.stop()
            self.port, self.tls_port = _free_port(), _free_port()
            if is_last:
                raise
            self.start(is_last=True)

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def _answers(self) -> bool:
        assert self.process.poll() is None, "slapd ended at once"
        # Its own certificate: another server may have taken the port in between.
        trust = ssl.create_default_context(cafile=self.certificate)
        address = ("127.0.0.1", self.tls_port)
        try:
            with socket.create_connection(address, timeout=1) as line:
                trust.wrap_socket(line, server_hostname="127.0.0.1").close()
        except OSError:
            return False
        return True


def refuse_without_slapd() -> None:
    """Skip the test, loudly, where the real directory is missing."""
    if SLAPD is None or SLAPADD is None or not (SCHEMAS / "core.schema").exists():
        pytest.skip(
            "slapd is not installed (Debian package slapd): NOT tried with a real directory"
        )


@contextmanager
def running_slapd(folder: Path, certificate: Path) -> Iterator[Slapd]:
    """Give a directory with PEOPLE, which ends with the block."""
    refuse_without_slapd()
    slapd = Slapd(_free_port(), _free_port(), folder, certificate)
    (folder / "data").mkdir()
    (folder / "reader").write_text(f"{READER_PASSWORD}\n")
    (folder / "reader").chmod(0o600)
    (folder / "slapd.conf").write_text(
        _CONFIGURATION.format(
            schemas=SCHEMAS,
            modules=MODULES,
            folder=folder,
            certificate=certificate,
            key=certificate.with_suffix(".key"),
            base=BASE,
            root=ROOT,
            reader=READER,
            password=READER_PASSWORD,
        )
    )
    in_ad = (
        _in_ad("Nguyen An", "nguyen.an", "Can.Bo@coquan.example", 512, GUID),
        # The second bit of userAccountControl: disabled.
        _in_ad("Le Tat", "le.tat", "tat@coquan.example", 514, uuid.uuid5(GUID, "Le Tat")),
    )
    entries = (_HEAD, *map(_entry, PEOPLE), *in_ad)
    (folder / "all.ldif").write_text("\n".join(entries), "utf-8")
    assert SLAPADD is not None
    subprocess.run(
        [SLAPADD, "-q", "-f", folder / "slapd.conf", "-l", folder / "all.ldif"],
        check=True,
        capture_output=True,
    )
    try:
        slapd.start()
        yield slapd
    finally:
        slapd.stop()


def _in_ad(cn: str, account: str, mail: str, control: int, guid: uuid.UUID) -> str:
    """Return an entry as Active Directory has it; its number is 16 bytes."""
    raw = base64.b64encode(guid.bytes_le).decode()
    return _AD.format(
        cn=cn,
        base=BASE,
        account=account,
        control=control,
        mail=mail,
        guid=raw,
        password=AD_PASSWORD,
    )


def _entry(attributes: dict[str, str]) -> str:
    lines = [f"dn: uid={attributes['uid']},ou=people,{BASE}", "objectClass: inetOrgPerson"]
    lines += [f"{name}: {text}" for name, text in attributes.items()]
    return "\n".join([*lines, f"userPassword: {PASSWORD}", ""])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
