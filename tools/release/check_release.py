"""Check an unpacked release before anything of it is run: `check_release.py FOLDER [--key FILE]`.

SHA256SUMS must carry a valid signature (`quetsach indicators sign`), name every file of the folder
and no other, and each file must have the digest that it names. Python's standard library alone, as
nothing is installed yet. Exit codes: 0 all is as it was signed, 2 not, with a line for each fault.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

SUMS = "SHA256SUMS"
SIGNATURES = "SHA256SUMS.sig"
MOST_BYTES = 1024 * 1024
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+-][0-9]{2}:[0-9]{2}")

TEXTS = {
    "unreadable": ("{file}: không đọc được ({reason})", "{file}: cannot be read ({reason})"),
    "unsigned": (
        "SHA256SUMS.sig: không có hoặc bị hỏng; bản phát hành chưa được ký",
        "SHA256SUMS.sig: missing or damaged; the release is not signed",
    ),
    "altered": (
        "SHA256SUMS: chữ ký không khớp; tệp đã bị thay đổi sau khi ký",
        "SHA256SUMS: the signature does not fit; the file was changed after it was signed",
    ),
    "foreign": (
        "SHA256SUMS.sig: ký bằng khóa {number}, không phải khóa đã nêu",
        "SHA256SUMS.sig: signed by key {number}, not by the key that was named",
    ),
    "no-key": (
        "{file}: không có khóa công khai Ed25519 nào",
        "{file}: there is no public Ed25519 key in it",
    ),
    "bad-line": (
        "SHA256SUMS, dòng {line}: không đúng dạng",
        "SHA256SUMS, line {line}: is not of the right form",
    ),
    "changed": (
        "{file}: nội dung khác với bản đã ký; hãy chép lại từ nguồn",
        "{file}: its content is not what was signed; copy it again from its source",
    ),
    "missing": ("{file}: thiếu tệp này", "{file}: this file is missing"),
    "extra": (
        "{file}: không có trong danh sách đã ký; hãy xóa tệp này",
        "{file}: is not on the signed list; remove it",
    ),
    "signed": (
        "Chữ ký hợp lệ của khóa {number}, ký lúc {time}; {count} tệp đúng như đã ký.",
        "Valid signature by key {number}, made {time}; {count} files are as they were signed.",
    ),
    "compare": (
        "Hãy đối chiếu số khóa này với số nhận được qua đường khác (công văn, điện thoại).",
        "Compare this number with the one that you got by another way (letter, phone).",
    ),
}


class RefusedError(Exception):
    """The release is not what was signed: the key of its text, and the facts of the case."""

    def __init__(self, text: str, **facts: object) -> None:
        super().__init__(text)
        self.facts = facts


# Ed25519, RFC 8032, 5.1 and the reference code of its section 6.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _x_of(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _point(packed: bytes) -> Point | None:
    number = int.from_bytes(packed, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _x_of(_BASE_Y, 0) or 0
BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether `signature` (64 bytes) is that of `message` by the key `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    left = _times(scalar, BASE)
    right = _add(commitment, _times(int.from_bytes(challenge, "little") % ORDER, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


def key_number(public: bytes) -> str:
    """Return the number of a key, as `quetsach indicators key` prints it."""
    return hashlib.sha256(public).hexdigest()[:16]


def signers(sums: bytes, beside: bytes) -> list[tuple[bytes, str]]:
    """Return (public key, time) of each signature of `sums`.

    Errors: RefusedError where there is none, or one does not fit.
    """
    digest = f"sha256:{hashlib.sha256(sums).hexdigest()}"
    try:
        listed = json.loads(beside)["signatures"]
        signed = [
            (base64.b64decode(row["public_key"]), row["signed"], base64.b64decode(row["value"]))
            for row in listed
        ]
        well_formed = all(TIME.fullmatch(time) for _public, time, _value in signed)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RefusedError("unsigned") from error
    if not signed or not well_formed:
        raise RefusedError("unsigned")
    for public, time, value in signed:
        message = f"quetsach file v1\n{digest}\n{time}\n".encode()
        if not verifies(public, message, value):
            raise RefusedError("altered")
    return [(public, time) for public, time, _value in signed]


def public_key(pem: str, file: str) -> bytes:
    """Return the 32 bytes of the key in a PEM file. Errors: RefusedError."""
    block = re.search("-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----", pem)
    try:
        packed = base64.b64decode("".join(block[1].split()), validate=True) if block else b""
    except ValueError:
        packed = b""
    # SubjectPublicKeyInfo of Ed25519 (RFC 8410): twelve bytes that never differ, and the key.
    if len(packed) != 44 or packed[:12] != bytes.fromhex("302a300506032b6570032100"):
        raise RefusedError("no-key", file=file)
    return packed[12:]


def listed_digests(sums: bytes) -> dict[str, str]:
    """Return the digest of each file that SHA256SUMS names. Errors: RefusedError."""
    digests = {}
    for number, line in enumerate(sums.decode("utf-8", "replace").splitlines(), 1):
        row = re.fullmatch(r"([0-9a-f]{64})  ([\w.+@/-]+)", line, re.ASCII)
        if row is None or ".." in row[2].split("/") or row[2].startswith("/") or row[2] in digests:
            raise RefusedError("bad-line", line=number)
        digests[row[2]] = row[1]
    return digests


def faults(folder: Path, digests: dict[str, str]) -> Iterator[RefusedError]:
    """Yield what differs between the folder and the signed list, sorted by name."""
    # A link to a folder is told as a file: what lies behind it is not looked at.
    there = {
        path.relative_to(folder).as_posix()
        for root, folders, names in os.walk(folder)
        for path in (Path(root, name) for name in (*names, *folders))
        if path.name in names or path.is_symlink()
    } - {SUMS, SIGNATURES}
    for name in sorted(there | set(digests)):
        if name not in digests:
            yield RefusedError("extra", file=name)
        elif name not in there:
            yield RefusedError("missing", file=name)
        elif (folder / name).is_symlink() or digest_of(folder / name) != digests[name]:
            yield RefusedError("changed", file=name)


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, which is read in pieces."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(1024 * 1024):
            digest.update(piece)
    return digest.hexdigest()


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise RefusedError("unreadable", file=file.name, reason=error.strerror) from error
    if len(content) > MOST_BYTES:
        raise RefusedError("unreadable", file=file.name, reason=f"> {MOST_BYTES}")
    return content


def check(folder: Path, key: Path | None, number: str) -> tuple[str, str, int, list[RefusedError]]:
    """Return (key number, time of signing, count of files, faults).

    Errors: RefusedError where the signature already is not what it should be.
    """
    sums = _read(folder / SUMS)
    if not (folder / SIGNATURES).is_file():
        raise RefusedError("unsigned")
    signed = signers(sums, _read(folder / SIGNATURES))
    if key is not None:
        named = public_key(_read(key).decode("ascii", "replace"), key.name)
        trusted = [row for row in signed if row[0] == named]
    else:
        wanted = "".join(number.split()).lower()
        # A number of blanks, as of a variable that holds nothing, is no key of anybody.
        trusted = [row for row in signed if not number or wanted == key_number(row[0])]
    if not trusted:
        raise RefusedError("foreign", number=key_number(signed[0][0]))
    digests = listed_digests(sums)
    return key_number(trusted[0][0]), trusted[0][1], len(digests), [*faults(folder, digests)]


def main(words: Sequence[str] | None = None) -> int:
    """Check the folder and print the verdict; return the exit code."""
    parser = argparse.ArgumentParser(prog="check_release.py", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", type=Path, help="the public key that must have signed (PEM)")
    parser.add_argument("--key-number", default="", help="its number, where there is no file")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    arguments = parser.parse_args(words)
    spoken = 1 if arguments.lang == "en" else 0

    def say(text: str, **facts: object) -> str:
        return TEXTS[text][spoken].format(**facts)

    try:
        number, time, count, different = check(
            arguments.folder, arguments.key, arguments.key_number
        )
    except RefusedError as refused:
        print(say(str(refused), **refused.facts), file=sys.stderr)
        return 2
    for fault in different[:20]:
        print(say(str(fault), **fault.facts), file=sys.stderr)
    if different:
        return 2
    print(say("signed", number=number, time=time, count=count))
    if arguments.key is None and not arguments.key_number:
        print(say("compare"))
    return 0


if __name__ == "__main__":
    # Vietnamese on a terminal that was not told of UTF-8.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
