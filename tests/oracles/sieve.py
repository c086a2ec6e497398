"""The slow sieve: reads the contract character by character, and shares no code with the twin."""

from quetsach.sieve.contract import SieveKeys
from tests.oracles.wire_names import names_in, names_of

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
HEX = DIGITS + "abcdefABCDEF"


def candidates(block: bytes, keys: SieveKeys) -> list[tuple[int, int]]:
    """Return (start, end) of each line of `block` that holds a key."""
    found = []
    start = 0
    for place in range(len(block) + 1):
        if place == len(block) and start == place:
            break
        if place == len(block) or block[place] == 10:
            if is_candidate(block[start:place].decode("latin-1"), keys):
                found.append((start, place))
            start = place + 1
    return found


def is_candidate(line: str, keys: SieveKeys) -> bool:
    """Return whether `line` holds a key, as it is or decoded; a character of it is one byte."""
    plain = decoded(line)
    if holds_key(line, keys) or holds_key(plain.replace("\n", " "), keys):
        return True
    names = names_in(line) + ([] if plain == line else names_of(plain) + names_in(plain))
    return any(key == key.lower() and b"" not in key.split(b".") for key in keys.names) and any(
        holds_key(name, keys) for name in names
    )


def decoded(line: str) -> str:
    """Return `line` with its codes undone, newlines among them."""
    plain, place = "", 0
    while place < len(line):
        for before, digits, behind in CODES:
            inner = line[place + len(before) : place + len(before) + digits]
            end = place + len(before) + digits + len(behind)
            allowed = DIGITS if behind == ")" else HEX
            fits = line[place:end] == before + inner + behind and len(inner) == digits
            if fits and all(one in allowed for one in inner):
                plain += "." if behind in (")", ".") else chr(int(inner, 16))
                place = end
                break
        else:
            plain += line[place]
            place += 1
    return plain


CODES = [("(", 1, ")"), ("(", 2, ")"), ("%", 2, ""), ("\\\\", 0, "."), ("\\", 0, "."),
         ("\\x", 2, ""), ("\\u00", 2, "")]  # fmt: skip
"""What stands before and behind so many digits."""


def holds_key(line: str, keys: SieveKeys) -> bool:
    """Return whether `line` holds a key as it is written."""
    for run in runs(line, is_run):
        name = without_dots(run)
        if "." in name:
            if keys.any_unicode_name and any(ord(one) > 127 for one in name):
                return True
            if not all(one in DIGITS or one == "." for one in name) and is_listed(name, keys):
                return True
    if any(is_met(address, keys) for address in addresses(line)):
        return True
    if any(is_met6(address, keys) for address in addresses6(line)):
        return True
    words = runs(line, lambda one: one in DIGITS or one in LETTERS)
    return any(lower(word).encode() in keys.hashes and len(word) in (32, 40, 64) for word in words)


def addresses(line: str) -> list[int]:
    """Return the addresses of `line`, in order."""
    found = []
    place = 0
    while place < len(line):
        end = place
        while end < len(line) and (line[end] in DIGITS or line[end] == "."):
            end += 1
        if end > place:
            before = line[place - 1] if place else " "
            after = line[end] if end < len(line) else " "
            if not is_letter(before) and not is_letter(after):
                found += address_of(without_dots(line[place:end]))
            place = end
        place += 1
    return found


def address_of(token: str) -> list[int]:
    numbers = token.split(".")
    if len(numbers) not in (4, 5):
        return []
    value = 0
    for number in numbers[:4]:
        if number == "" or len(number) > 3 or int(number) > 255:
            return []
        value = value * 256 + int(number)
    return [value]


def is_met(address: int, keys: SieveKeys) -> bool:
    if address in keys.addresses:
        return True
    for first, length in keys.networks:
        size = 2 ** (32 - length)
        if address // size == first // size:
            return True
    return False


def is_listed(name: str, keys: SieveKeys) -> bool:
    labels = lower(name).split(".")
    for count in range(len(labels)):
        suffix = labels[count:]
        if "" not in suffix and ".".join(suffix).encode("latin-1") in keys.names:
            return True
    return False


def lower(text: str) -> str:
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in text)


def addresses6(line: str) -> list[int]:
    """Return the IPv6 addresses of `line`, each with and without what may be a port."""
    found = []
    place = 0
    while place < len(line):
        end = place
        while end < len(line) and line[end] in HEX + ":.":
            end += 1
        token = line[place:end]
        if token.count(":") >= 2:
            if place and is_letter(line[place - 1]):
                token = token[token.find(":") :]
            if end < len(line) and is_letter(line[end]):
                token = token[: token.rfind(":") + 1]
            token = without_lone_colons(token)
            last = max(token.rfind(":"), token.rfind("."))
            found += address6_of(token) + address6_of(token[: max(last, 0)])
        place = max(end, place + 1)
    return found


def without_lone_colons(token: str) -> str:
    """Return `token` without dots at its end and a colon too many at either end."""
    while token and token[-1] == ".":
        token = token[:-1]
    colons = len(token) - len(token.rstrip(":"))
    if colons == 1 or colons > 2:
        token = token[:-1]
    colons = len(token) - len(token.lstrip(":"))
    return token[1:] if colons == 1 or colons > 2 else token


def address6_of(token: str) -> list[int]:
    """Return the IPv6 address that `token` writes in the forms of RFC 4291, 2.2."""
    if token.count("::") > 1 or ":::" in token or ":" not in token:
        return []
    head, gap, tail = token.partition("::")
    front = groups_of(head, not gap)
    back = groups_of(tail, True)
    count = len(front) + len(back)
    if -1 in front + back or (count > 7 if gap else count != 8):
        return []
    value = 0
    for group in front + [0] * (8 - count) + back:
        value = value * 65536 + group
    return [] if value // 2**32 == 0xFFFF else [value]


def groups_of(text: str, may_end_in_ipv4: bool) -> list[int]:
    """Return the groups of `text`, with -1 for one that is none."""
    groups: list[int] = []
    parts = text.split(":") if text else []
    for number, part in enumerate(parts):
        if "." in part and may_end_in_ipv4 and number == len(parts) - 1:
            numbers = part.split(".")
            is_plain = all(one == str(int(one)) for one in numbers if one.isdigit())
            if len(numbers) == 4 and is_plain and all(one.isdigit() for one in numbers):
                value = address_of(part)
                groups += [value[0] // 65536, value[0] % 65536] if value else [-1]
            else:
                groups.append(-1)
        elif 1 <= len(part) <= 4 and all(one in HEX for one in part):
            groups.append(int(part, 16))
        else:
            groups.append(-1)
    return groups


def is_met6(address: int, keys: SieveKeys) -> bool:
    networks = [(first, 2 ** (128 - length)) for first, length in keys.networks6]
    return address in keys.addresses6 or any(
        address // size == first // size for first, size in networks
    )


def is_letter(one: str) -> bool:
    return one in LETTERS or one == "_" or ord(one) > 127


def is_run(one: str) -> bool:
    return is_letter(one) or one in DIGITS or one in "-."


def runs(line: str, belongs: object) -> list[str]:
    """Return the longest pieces of `line` whose characters all belong."""
    assert callable(belongs)
    found = [""]
    for one in line:
        if belongs(one):
            found[-1] += one
        elif found[-1]:
            found.append("")
    return [run for run in found if run]


def without_dots(run: str) -> str:
    while run and run[0] == ".":
        run = run[1:]
    while run and run[-1] == ".":
        run = run[:-1]
    return run
