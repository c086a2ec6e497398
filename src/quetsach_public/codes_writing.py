"""Write codes.json: which codes live and whose they are; codes.py reads it."""

import json
import secrets
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

from quetsach_public.codes import AUDIENCES, FORMAT, MOST_CODES, CodesError, Unit, key_of

LONGEST_NAME = 200


def codes_text(
    codes: Iterable[tuple[str, Unit]], *, runs: bool, salt: bytes, of: str = ""
) -> bytes:
    """Return the file for `codes`; the same codes under the same salt give the same bytes.

    `of` is kept for the writer: what the codes were made of. Errors: CodesError for more codes than
    a plane takes.
    """
    names: dict[str, int] = {}
    rows: dict[bytes, int] = {}
    for code, unit in codes:
        name = names.setdefault(unit.name[:LONGEST_NAME], len(names))
        rows[key_of(salt, code)] = name * len(AUDIENCES) + AUDIENCES.index(unit.audience)
    if len(rows) > MOST_CODES:
        raise CodesError(f"there are {len(rows)} codes, and {MOST_CODES} are taken")
    keys = sorted(rows)
    content = {
        "format": FORMAT,
        "runs": runs,
        "of": of,
        "salt": salt.hex(),
        "names": list(names),
        "keys": b64encode(b"".join(keys)).decode(),
        "places": [rows[key] for key in keys],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def said_by(path: Path) -> tuple[bytes, str]:
    """Return the salt of the file at `path`, or a new one, and what it was made of, or "".

    Under the same salt what says the same stays the same.
    """
    try:
        found = json.loads(path.read_bytes())
        is_ours = found["format"] == FORMAT
        salt, of = bytes.fromhex(found["salt"]), str(found["of"]) if is_ours else ""
    except (OSError, KeyError, TypeError, ValueError):
        salt, of = b"", ""
    return (salt, of) if 16 <= len(salt) <= 64 else (secrets.token_bytes(16), "")
