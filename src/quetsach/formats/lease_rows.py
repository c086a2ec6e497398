"""One row of a table of DHCP leases: who holds the address, and for how long."""

import re
from dataclasses import dataclass
from typing import Literal

from quetsach.clocks import Zone
from quetsach.formats import values
from quetsach.formats.hardware import hardware
from quetsach.formats.lease_ends import end_in, seconds_of
from quetsach.formats.lease_families import Family
from quetsach.formats.table_words import Words

Act = Literal["given", "released", "reserved"]

_BLANKS = re.compile(r" {2,}|\t")
# 0100.17a4.b2c3.d4 (IOS), 0100-17a4-b2c3-d4 (Comware).
_CLIENT_ID = re.compile(
    r"[0-9a-f]{4}(?:[.-][0-9a-f]{4}){2,}(?:[.-][0-9a-f]{2})?[.-]?", re.IGNORECASE
)
_NOT_HEX = re.compile(r"[.:-]")
_PAIR = re.compile(r'([a-z-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))')
_RATE = re.compile(r"\d+[kMG]?(?:/\d+[kMG]?)?")
# Source: the states of IOS XR, Junos and RouterOS. An offer is no lease yet.
_NOT_GIVEN = frozenset(
    [
        "init",
        "offered",
        "offer",
        "offer_sent",
        "selecting",
        "request",
        "requesting",
        "waiting_for_offer",
        "busy",
    ]
)
_RELEASED = frozenset(["deleting", "released", "release", "releasing"])
_RESERVED = frozenset(["manual", "static", "waiting"])
_HARDWARE_TYPE_ETHERNET = "01"
# FortiOS writes hardware addresses in a column of 24, so that a wider gap is an empty name.
_NAME_WITHIN = 12


@dataclass(frozen=True)
class LeaseRow:
    """What a row says.

    Units: `seconds` still left, `end_us` in us since 1970 UTC; None where untold. `dated` says
    that a time without a zone was read. `client_id` is hex in lower case, without separators.
    """

    address: str
    act: Act
    mac: str | None = None
    client_id: str | None = None
    name: str | None = None
    server: str | None = None
    seconds: int | None = None
    end_us: int | None = None
    dated: bool = False


def read_row(line: str, words: Words, family: Family, zone: Zone) -> LeaseRow | str | None:
    """Return what the row says; None for a line that is no lease, or why it cannot be read."""
    if family is Family.MIKROTIK_PAIRS:
        return _from_pairs(line)
    if len(words.addresses) != 1 or not words.leading:
        return "not-a-lease" if words.macs else None
    identifier = _client_id(words)
    if len(words.macs) > 1 or (not words.macs and identifier is None):
        return _without_mac(words, family)
    if identifier is not None and identifier.endswith((".", "-")):
        return "client-id-cut"
    mac, client_id = _machine(words, identifier)
    states = {word.lower().partition("(")[0] for word in words.words}
    if states & _NOT_GIVEN or (family is Family.MIKROTIK and "X" in words.words[1:2]):
        return None
    found = end_in(line, zone)
    if found is not None and found[0] is None:
        return "bad-date"
    rest = _behind(line, words.words, identifier)
    name, server = _names(family, rest, line[found[2] :] if found is not None else "")
    act: Act = "released" if states & _RELEASED else "given"
    act = "reserved" if states & _RESERVED else act
    return LeaseRow(
        address=words.addresses[0],
        act=act,
        mac=mac,
        client_id=client_id,
        name=name,
        server=server,
        seconds=_counted(rest) if family is Family.COUNTED and act == "given" else None,
        end_us=found[0] if found is not None else None,
        dated=found is not None,
    )


def _without_mac(words: Words, family: Family) -> str | None:
    # RouterOS shows leases that were made by hand and never used without their machine.
    return None if family is Family.MIKROTIK and not words.macs else "no-mac"


def _client_id(words: Words) -> str | None:
    if words.macs:
        return None
    return next((one for one in words.words[1:] if _CLIENT_ID.fullmatch(one)), None)


def _machine(words: Words, identifier: str | None) -> tuple[str | None, str | None]:
    """Return the hardware address and the client identifier of a row."""
    if identifier is None:
        return words.macs[0], None
    digits = _NOT_HEX.sub("", identifier).lower()
    return mac_of_client(digits), digits


def mac_of_client(digits: str) -> str | None:
    """Return the hardware address within a client identifier that is one (RFC 2132, 9.14)."""
    if len(digits) != 14 or not digits.startswith(_HARDWARE_TYPE_ETHERNET):
        return None
    return hardware(f"{digits[2:8]}-{digits[8:]}")


def _behind(line: str, words: tuple[str, ...], identifier: str | None) -> str:
    """Return what stands behind the last of the addresses of a row."""
    place, rest = 0, line
    for word in words:
        start = line.find(word, place)
        if word == identifier or hardware(word) is not None or values.address(word) is not None:
            rest = line[start + len(word) :]
        place = start + len(word)
    return rest.rstrip()


def _names(family: Family, rest: str, behind_date: str) -> tuple[str | None, str | None]:
    """Return the host name and the server of a row, where its family shows them."""
    pieces = [piece.strip() for piece in _BLANKS.split(rest.strip()) if piece.strip()]
    name: str | None = None
    server: str | None = None
    if family is Family.FORTIGATE and len(rest) - len(rest.lstrip()) <= _NAME_WITHIN:
        name = pieces[0] if pieces else None
    elif family is Family.EDGEOS:
        after = behind_date.split()
        server, name = (*after, "", "")[:2]
    elif family is Family.DRAYTEK:
        name = pieces[1] if len(pieces) > 1 else None
    elif family is Family.MIKROTIK:
        name, server = _mikrotik_names(pieces)
    return values.text(name), values.text(server)


def _mikrotik_names(pieces: list[str]) -> tuple[str | None, str | None]:
    """Return host name and server: what stands before the status, without the rate limit."""
    ends = [place for place, piece in enumerate(pieces) if piece.split()[0] in _MIKROTIK_STATES]
    told = pieces[: ends[-1]] if ends else pieces
    if len(told) > 1 and _RATE.fullmatch(told[-1]):
        told.pop()
    if len(told) > 1:
        return told[0], told[1]
    return None, told[0] if told else None


_MIKROTIK_STATES = frozenset(
    ["bound", "waiting", "offered", "busy", "testing", "authorizing", "conflict"]
)


def _counted(rest: str) -> int | None:
    return next((values.count(word) for word in rest.split() if word.isdigit()), None)


def _from_pairs(line: str) -> LeaseRow | str | None:
    """Return the lease in a row of `print terse` or of `export`."""
    if "address=" not in line:
        return None
    pairs = {name: quoted or bare for name, quoted, bare in _PAIR.findall(line)}
    address = values.held_address(pairs.get("active-address") or pairs.get("address"))
    mac = hardware(pairs.get("active-mac-address") or pairs.get("mac-address", ""))
    if line.rstrip().endswith("\\") and (address is None or mac is None):
        # `export` wraps its lines; `export terse` does not.
        return "wrapped"
    if pairs.get("disabled") == "yes" or pairs.get("status") in _NOT_GIVEN:
        return None
    digits = "".join(one.zfill(2) for one in pairs.get("client-id", "").lower().split(":"))
    client_id = digits if digits != "00" and not digits.strip("0123456789abcdef") else None
    mac = mac_of_client(digits) if mac is None else mac
    if address is None or (mac is None and client_id is None):
        return "no-mac" if address is not None else "no-address"
    return LeaseRow(
        address=address,
        act="given" if pairs.get("status") == "bound" else "reserved",
        mac=mac,
        client_id=client_id,
        name=values.text(pairs.get("host-name", "").replace('\\"', '"')),
        server=values.text(pairs.get("active-server") or pairs.get("server", "")),
        seconds=seconds_of(pairs.get("expires-after", "")),
    )
