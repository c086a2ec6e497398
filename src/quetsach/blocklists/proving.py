"""Whether a resolver blocks what its list says: the names are asked there, and compared.

A name below `.example` does not exist (RFC 2606), so that "no such name" is the answer with and
without any block. What proves the block is that the resolver also answers the name that only a
loaded list answers, or answers the listed name otherwise than one beside it that no list has.
"""

import secrets
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from quetsach.addresses import parse_address
from quetsach.blocklists.folder import SIDE_FILE
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

_OURS = "quetsach.example"
_TYPE_A, _TYPE_AAAA, _CLASS_IN = 1, 28, 1
_NOERROR, _NXDOMAIN, _REFUSED = 0, 3, 5
_MOST_BYTES = 4096
_MOST_ASKED_LABEL = 63
WAIT_S = 3.0


class BlockProof(StrEnum):
    """What the answers of a resolver prove about its block."""

    BLOCKED = "blocked"
    REDIRECTED = "redirected"
    NOT_BLOCKED = "not-blocked"
    NOT_LOADED = "not-loaded"
    CANNOT_TELL = "cannot-tell"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True)
class ResolverAnswer:
    """What a resolver said to one question: its code (RFC 1035), and the addresses in it."""

    name: str
    code: int
    addresses: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether the name has an address."""
        return self.code == _NOERROR and bool(self.addresses)

    @property
    def in_words(self) -> str:
        """The answer as a word of DNS, or the addresses."""
        if self.is_there:
            return ", ".join(self.addresses)
        known = {_NOERROR: "NODATA", _NXDOMAIN: "NXDOMAIN", _REFUSED: "REFUSED", 2: "SERVFAIL"}
        return known.get(self.code, f"RCODE {self.code}")


@dataclass(frozen=True)
class ResolverProof:
    """The verdict on a resolver, with the answers that it rests on; None: no answer came."""

    verdict: BlockProof
    listed: ResolverAnswer | None
    beside: ResolverAnswer | None = None
    loaded: ResolverAnswer | None = None


@dataclass(frozen=True)
class ProofNames:
    """What is asked: a listed name, and the name and address that tell that a list is loaded.

    Shapes: `sinkholes` are addresses to which listed names are led here.
    """

    listed: str
    loaded: str = ""
    loaded_address: str = ""
    sinkholes: tuple[str, ...] = ()


def prove_block(resolver: str, names: ProofNames, wait_s: float = WAIT_S) -> ResolverProof:
    """Ask the resolver at `resolver` (`ADDRESS`, `ADDRESS:PORT`, `[V6]:PORT`) and judge.

    Errors: ValueError for what is no such address, or a name that cannot be asked.
    """
    where = _endpoint(resolver)
    listed = _asked(where, names.listed, wait_s)
    if listed is None:
        return ResolverProof(BlockProof.NO_ANSWER, None)
    beside = _asked(where, f"q{secrets.token_hex(6)}.{_unlisted_parent(names.listed)}", wait_s)
    loaded = _asked(where, names.loaded, wait_s) if names.loaded else None
    return ResolverProof(_verdict(names, listed, beside, loaded), listed, beside, loaded)


def _unlisted_parent(name: str) -> str:
    """Return a name above `name`, of which a list holds only what we made."""
    if name == _OURS or name.endswith(f".{_OURS}"):
        return _OURS
    return name.partition(".")[2] or name


def _verdict(
    names: ProofNames,
    listed: ResolverAnswer,
    beside: ResolverAnswer | None,
    loaded: ResolverAnswer | None,
) -> BlockProof:
    if listed.code not in (_NOERROR, _NXDOMAIN):
        # A server that fails or refuses answers nobody: no block of one name.
        return BlockProof.CANNOT_TELL
    is_loaded = loaded is not None and names.loaded_address in loaded.addresses
    if listed.is_there:
        return BlockProof.REDIRECTED if _is_sink(names, listed, beside) else BlockProof.NOT_BLOCKED
    if is_loaded or (beside is not None and beside.is_there):
        return BlockProof.BLOCKED
    return BlockProof.NOT_LOADED if loaded is not None else BlockProof.CANNOT_TELL


def _is_sink(names: ProofNames, listed: ResolverAnswer, beside: ResolverAnswer | None) -> bool:
    """Return whether the address that a listed name has leads nowhere, or to the own sensor."""
    if any(address in names.sinkholes for address in listed.addresses):
        return True
    addresses = [parse_address(address) for address in listed.addresses]
    if all(one is not None and (one.is_unspecified or one.is_loopback) for one in addresses):
        return True
    # Nobody else can answer a name of ours, unless the resolver answers whatever it is asked.
    is_ours = listed.name.endswith(f".{_OURS}")
    return is_ours and beside is not None and beside.code == _NXDOMAIN


def release_proof_names(folder: Path) -> ProofNames:
    """Return what proves the release of a blocklist in `folder`.

    Errors: E249 where it is none, or its form answers no name.
    """
    path = folder / SIDE_FILE
    try:
        side = msgspec.json.decode(path.read_bytes(), type=_ReleaseSide)
    except OSError as error:
        raise QuetsachError("E249", str(path), reason=error.strerror or str(error)) from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        reason = _("it is not the folder of a release")
        raise QuetsachError("E249", str(path), reason=reason) from error
    return ProofNames(side.test_name, side.loaded_name or "", side.test_address)


class _ReleaseSide(msgspec.Struct):
    """The fields of the side file by which a release is proved."""

    test_name: str
    test_address: str
    loaded_name: str | None = None


def _endpoint(text: str) -> tuple[str, int]:
    host, port = text.strip(), "53"
    if host.startswith("["):
        host, _bracket, behind = host[1:].partition("]")
        port = behind.removeprefix(":") or port
    elif host.count(":") == 1:
        host, _colon, port = host.partition(":")
    if parse_address(host) is None or not port.isdecimal() or not 0 < int(port) < 1 << 16:
        raise ValueError(text)
    return host, int(port)


def _asked(where: tuple[str, int], name: str, wait_s: float) -> ResolverAnswer | None:
    """Return the answer to two tries over UDP, None where none came."""
    number = secrets.randbelow(1 << 16)
    question = _name_bytes(name) + struct.pack("!HH", _TYPE_A, _CLASS_IN)
    query = struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + question
    family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
    for _attempt in range(2):
        try:
            with closing(socket.socket(family, socket.SOCK_DGRAM)) as client:
                client.settimeout(wait_s)
                # Connected: only this server's answers are taken.
                client.connect(where)
                client.send(query)
                answer = _read(client.recv(_MOST_BYTES), query, name)
        except OSError:
            continue
        if answer is not None:
            return answer
    return None


def _name_bytes(name: str) -> bytes:
    labels = name.rstrip(".").encode("ascii").split(b".")
    if not all(0 < len(label) <= _MOST_ASKED_LABEL for label in labels) or len(name) > 253:
        raise ValueError(name)
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _read(message: bytes, query: bytes, name: str) -> ResolverAnswer | None:
    """Return what a message answers; None where it is none to `query`, or damaged."""
    # A server may write the name in other letters, as it was asked with.
    question = query[12:].lower()
    if message[:2] != query[:2] or message[12 : 12 + len(question)].lower() != question:
        return None
    flags, _questions, answers = struct.unpack("!HHH", message[2:8])
    try:
        addresses = tuple(_addresses(message, 12 + len(question), answers))
    except (IndexError, struct.error, ValueError):
        return None
    return ResolverAnswer(name, flags & 15, addresses)


def _addresses(message: bytes, place: int, answers: int) -> Iterator[str]:
    for _record in range(answers):
        while message[place] and message[place] < 0xC0:
            place += 1 + message[place]
        place += 2 if message[place] else 1
        kind, _class, _ttl, length = struct.unpack("!HHIH", message[place : place + 10])
        place += 10
        if kind == _TYPE_A:
            yield socket.inet_ntop(socket.AF_INET, message[place : place + length])
        elif kind == _TYPE_AAAA:
            yield socket.inet_ntop(socket.AF_INET6, message[place : place + length])
        place += length
