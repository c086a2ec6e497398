"""The slow reader of names in base64 and hex: by the contract, bit by bit, no code shared."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
ALPHABETS = (LETTERS + DIGITS + "+/", LETTERS + DIGITS + "-_")
HEX = DIGITS + "abcdefABCDEF"


def names_in(text: str) -> list[str]:
    """Return the names in the tokens of `text`, a character of which is one byte."""
    names, run = [], ""
    for one in text + " ":
        if one in ALPHABETS[0] + "-_\\":
            run += one
            continue
        first = True
        for piece in run.replace("\\/", "/").split("\\") if len(run) >= 24 else []:
            token = piece if first else piece[1:]
            first = False
            names += names_of(meaning(token[:131_072])) if len(token) >= 24 else []
        run = ""
    return names


def meaning(token: str) -> str:
    """Return the bytes that a token stands for, as characters."""
    digits = token[2:] if token[:2] in ("0x", "0X") else token
    bits = ""
    if all(one in HEX for one in digits):
        for one in digits:
            bits += f"{int(one, 16):04b}"
    else:
        for one in token:
            bits += f"{max(alphabet.find(one) for alphabet in ALPHABETS):06b}"
    return "".join(chr(int(bits[at : at + 8], 2)) for at in range(0, len(bits) - 7, 8))


def names_of(wire: str) -> list[str]:
    """Return the names in `wire`."""
    names: list[str] = []
    place = 0
    while place < len(wire) and len(names) < 256:
        name, over = name_at(wire, place) if 0 < ord(wire[place]) < 64 else (None, 0)
        if name is None:
            place += 1
        else:
            names.append(name)
            place = over
    return names


def name_at(wire: str, start: int) -> tuple[str | None, int]:
    """Return the name at `start` and where it is over, None where there is none."""
    labels, place, over, been = [], start, 0, set()
    while place < len(wire) and place not in been:
        been.add(place)
        length = ord(wire[place])
        if length == 0:
            name = ".".join(labels)
            is_name = len(labels) > 1 and not all(one in DIGITS + "." for one in name)
            return (name if is_name else None), over or place + 1
        if length >= 192:
            if place + 1 == len(wire):
                break
            over = over or place + 2
            place = (length - 192) * 256 + ord(wire[place + 1])
            continue
        label = wire[place + 1 : place + 1 + length]
        is_plain = all(one in LETTERS + DIGITS + "-_" for one in label)
        if length > 63 or len(label) < length or not is_plain or len(labels) == 127:
            break
        labels.append(label)
        place += 1 + length
    return None, 0
