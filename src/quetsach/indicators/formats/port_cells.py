"""The ports that a cell of a table lists beside an address."""

import re

_WORDS = re.compile(
    r"\b(?:tcp|udp|sctp|port|cổng|số)\b|\((?:[a-z][a-z0-9 ./-]{1,24})\)"
    r"|(?<=[0-9]) ?[-\u2013/] ?(?:https?|ssh|rdp|smb|ftp|dns|smtp|telnet|irc)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\d{1,5}(?:(?:\s{0,3}[,;/]\s{0,3}|\s{1,3}|\s{1,3}(?:và|and|hoặc|or)\s{1,3})\d{1,5}){0,15}",
    re.ASCII,
)
_ANY = re.compile(
    r"[-\u2013\u2014*./]*|0|any|all|tất cả|mọi cổng|bất kỳ|n/?a|none|không(?: có| rõ)?|chưa rõ",
    re.IGNORECASE,
)


def ports_of(cell: str) -> tuple[int | None, ...] | None:
    """Return the ports in the cell; (None,) where it names none, None where it cannot be read.

    A bare address blocks every port of it, so that "8000-9000" is a question and no address.
    """
    text = cell.strip()
    if _ANY.fullmatch(text):
        return (None,)
    plain = " ".join(_WORDS.sub(" ", text).replace(":", " ").split()).strip(" /,;")
    if not _LIST.fullmatch(plain):
        return None
    ports = [int(digits) for digits in re.findall(r"[0-9]{1,5}", plain)]
    if not all(0 < port < 65536 for port in ports):
        return None
    return tuple(dict.fromkeys(ports))
