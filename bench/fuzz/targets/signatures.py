"""Keys, certificates, signatures, printed sheets, slips and time stamps."""

import hashlib
from datetime import UTC, datetime
from functools import cache

from bench.fuzz.mutation import mutated_bytes, mutated_json, mutated_text
from bench.fuzz.packed_mutation import mutated_der, mutated_pdf
from bench.fuzz.samples import texts_in
from bench.fuzz.target import FuzzTarget
from quetsach.api import stamping
from quetsach.avreport import verify as message_signatures
from quetsach.signing import keys, printed, signature, slips
from quetsach.signing.pades import certificates, revocation, sign, state, trust, unchanged, verify
from tests.signing.pades import authority, signed
from tests.signing.pades import stamping as stamps
from tests.signing.seals import KEY

_WHEN = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
_DIGEST = "sha256:" + "0" * 64


def signature_targets() -> list[FuzzTarget]:
    """Return a target for each thing that proves who wrote something."""
    return [*_of_keys(), *_of_papers()]


def _of_keys() -> list[FuzzTarget]:
    public, private = keys.public_pem(KEY.public), keys.private_pem(KEY, None)
    return [
        FuzzTarget(
            "sign.public-key",
            lambda content: keys.read_public(content, "a"),
            lambda: [public],
            (keys,),
            mutated_der,
        ),
        FuzzTarget(
            "sign.private-key",
            lambda content: keys.read_private(content, "a", b"x"),
            lambda: [private],
            (keys,),
            mutated_der,
        ),
        FuzzTarget("sign.detached", _judge_detached, _detached, (signature,), mutated_json),
        FuzzTarget(
            "sign.printed",
            lambda content: printed.read_printed(content.decode("utf-8", "replace")),
            _printed,
            (printed,),
            mutated_text,
        ),
        FuzzTarget(
            "sign.slip-keys",
            slips.read_slip_keys,
            lambda: [
                b'{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"' + b"A" * 43 + b'"}]}'
            ],
            (slips,),
            mutated_json,
        ),
        FuzzTarget(
            "sign.slip",
            _read_slip,
            lambda: [*texts_in("signing/test_slips.py", least=30), b"e30.e30.AAAA"],
            (slips,),
            mutated_text,
        ),
        FuzzTarget(
            "sign.certificate",
            certificates.read_certificate,
            _certificates,
            (certificates, trust),
            mutated_der,
        ),
        FuzzTarget(
            "sign.message-certificates",
            lambda content: message_signatures.read_certificates(content, "a.pem"),
            _certificates,
            (message_signatures,),
            mutated_der,
        ),
    ]


def _read_slip(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    slips.read_slip(text, {"a": KEY.public}, issuer="https://quetsach.example", now=_WHEN)


def _judge_detached(content: bytes) -> None:
    signature.judge(signature.read_detached(_DIGEST, content), [KEY.public])


def _detached() -> list[bytes]:
    made = signature.sign_digest(KEY, signature.SignedKind.FILE, _DIGEST, _WHEN)
    return [signature.write_detached([made])]


def _printed() -> list[bytes]:
    made = signature.sign_digest(KEY, signature.SignedKind.FILE, _DIGEST, _WHEN)
    words = " ".join(printed.words_of(hashlib.sha256(b"a").hexdigest()))
    return [printed.qr_text(signature.SignedKind.FILE, made).encode(), words.encode()]


@cache
def _certificates() -> tuple[bytes, ...]:
    from cryptography.hazmat.primitives.serialization import Encoding

    clerk = authority.clerk()
    return tuple(clerk.cert.public_bytes(form) for form in (Encoding.PEM, Encoding.DER))


@cache
def _signed() -> tuple[bytes, ...]:
    whole = signed.signed(authority.clerk())
    return whole, signed.drawn_over(whole), stamps.stamped(authority.clerk(), stamps.stamper())


def _of_papers() -> list[FuzzTarget]:
    return [
        FuzzTarget(
            "sign.pdf",
            lambda content: verify.verify_pdf(content, authority.trust(), authority.NOW),
            _signed,
            (verify, state, sign, revocation),
            mutated_pdf,
        ),
        FuzzTarget(
            "sign.pdf-bytes",
            lambda content: verify.verify_pdf(content, authority.trust(), authority.NOW),
            _signed,
            (verify, state, sign, revocation),
            mutated_bytes,
        ),
        FuzzTarget(
            "sign.pdf-changed",
            lambda content: unchanged.changed_since(authority.pdf(), authority.pdf() + content),
            lambda: [whole[len(authority.pdf()) :] for whole in _signed()],
            (unchanged,),
            mutated_pdf,
        ),
        FuzzTarget(
            "sign.stamp",
            lambda content: stamping.stamped_at(content, "0" * 64, None),
            lambda: [_stamp()],
            (stamping,),
            mutated_bytes,
        ),
        FuzzTarget(
            "sign.revoked",
            lambda content: verify.verify_pdf(
                _signed()[0], authority.trust(revoked=(content,)), authority.NOW
            ),
            lambda: [authority.revoked_list()],
            (revocation, trust),
            mutated_bytes,
        ),
    ]


@cache
def _stamp() -> bytes:
    import asyncio

    made = asyncio.run(stamps.stamper().async_timestamp(bytes(32), "sha256"))
    return bytes(made.dump())
