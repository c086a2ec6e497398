"""The slow sieve: reads the contract character by character, and shares no code with the twin."""

from quetsach.sieve.contract import SieveKeys

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"


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
    """Return whether `line` holds a key; each character of it is one byte."""
    for run in runs(line, is_run):
        name = without_dots(run)
        if "." in name:
            if keys.any_unicode_name and any(ord(one) > 127 for one in name):
                return True
            if not all(one in DIGITS or one == "." for one in name) and is_listed(name, keys):
                return True
    return any(is_met(address, keys) for address in addresses(line))


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
    lower = "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in name)
    labels = lower.split(".")
    for count in range(len(labels)):
        suffix = labels[count:]
        if "" not in suffix and ".".join(suffix).encode("latin-1") in keys.names:
            return True
    return False


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
