"""The judgement over what is signed: by a key that was named, by an unknown one, altered, not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from quetsach.signing.keys import PublicKey
from quetsach.signing.signature import Kind, Signature, is_valid
from quetsach.texts import _


class State(StrEnum):
    """What a signature is worth to the one who asks."""

    TRUSTED = "trusted"
    UNKNOWN_KEY = "unknown-key"
    ALTERED = "altered"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class Sealed:
    """Something that can be signed, as it lies there: its true digest, and what is signed onto it.

    `faults` are sentences on what is wrong with its form; with one of them it counts as altered.
    `uncovered` names what lies beside it and is not signed.
    """

    kind: Kind
    digest: str
    signatures: tuple[Signature, ...] = ()
    faults: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signer:
    """One who signed: key number, owner if the key was named, time, and whether it is trusted."""

    key_id: str
    owner: str
    signed: str
    trusted: bool


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a signed thing. `faults` is empty unless it is altered."""

    state: State
    kind: Kind
    digest: str
    signers: tuple[Signer, ...]
    faults: tuple[str, ...]
    uncovered: tuple[str, ...]


def judge(sealed: Sealed, trusted: Sequence[PublicKey]) -> Verdict:
    """Return the verdict; one bad signature among good ones makes the whole altered."""
    owners = {key.raw: key.owner for key in trusted}
    signers = tuple(
        Signer(one.key_id, owners.get(one.public_key, ""), one.signed, one.public_key in owners)
        for one in sealed.signatures
    )
    faults = (*sealed.faults, *_faults(sealed))
    return Verdict(
        _state(signers, faults), sealed.kind, sealed.digest, signers, faults, sealed.uncovered
    )


def _state(signers: Sequence[Signer], faults: Sequence[str]) -> State:
    if faults:
        return State.ALTERED
    if not signers:
        return State.UNSIGNED
    return State.TRUSTED if any(one.trusted for one in signers) else State.UNKNOWN_KEY


def _faults(sealed: Sealed) -> list[str]:
    faults = []
    seen: set[str] = set()
    for one in sealed.signatures:
        if one.key_id in seen:
            faults.append(_("key %(key)s signed it more than once") % {"key": one.key_id})
        seen.add(one.key_id)
        if one.digest != sealed.digest:
            faults.append(
                _("its content is not what key %(key)s signed (digest %(is)s, signed %(was)s)")
                % {"key": one.key_id, "is": sealed.digest[7:23], "was": one.digest[7:23]}
            )
        elif not is_valid(one, sealed.kind):
            faults.append(_("the signature of key %(key)s does not fit") % {"key": one.key_id})
    return faults
