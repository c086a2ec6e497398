"""Keys, releases and their signatures, made for the tests."""

import json
from datetime import datetime, timedelta, timezone
from io import BytesIO

from quetsach.signing.keys import PublicKey, SigningKey, generate_key_pair
from quetsach.signing.release import content_of, read_signed_release, write_sealed
from quetsach.signing.signature import SignedKind, sign_digest

WHEN = datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta(hours=7)))


def release(*addresses: str) -> bytes:
    """Return a release that nobody has signed yet."""
    listed = addresses or ("203.0.113.7", "203.0.113.8", "198.51.100.9")
    head = {"format": "quetsach-release/1", "title": "Đợt 3", "count": len(listed)}
    lines = [json.dumps(head, ensure_ascii=False)]
    lines += [json.dumps({"key": one}) for one in listed]
    return "".join(f"{line}\n" for line in lines).encode()


def sealed_by(content: bytes, *keys: SigningKey) -> bytes:
    """Return the release with a signature of each key."""
    for key in keys:
        source, target = BytesIO(content), BytesIO()
        digest = content_of(source).digest
        write_sealed(source, target, sign_digest(key, SignedKind.RELEASE, digest, WHEN))
        content = target.getvalue()
    return content


def state_of(content: bytes, *trusted: PublicKey) -> str:
    """Return the state of a release for somebody who trusts these keys."""
    from quetsach.signing.signature import judge

    return str(judge(read_signed_release(BytesIO(content)), trusted).state)


KEY = generate_key_pair("Sở KH&CN Vĩnh Long")
OTHER = generate_key_pair("CSIRT")
