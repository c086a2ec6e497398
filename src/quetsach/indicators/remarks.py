"""What headings and remarks say of the values beside them, and how values stand in a line."""

import re
from enum import StrEnum

from quetsach.indicators.in_text import Found


class Stand(StrEnum):
    """Where a value stands: in a column of values, alone in a list, or within a sentence."""

    VALUE = "value"
    ITEM = "item"
    PROSE = "prose"


class Section(StrEnum):
    """What the heading above says of what follows."""

    OPEN = "open"
    BENIGN = "benign"
    SOURCES = "sources"


_HARMLESS = re.compile(
    r"\bnot (?:inherently |itself )?malicious\b|\bnon-malicious\b|(?:is|are|was|were) benign\b"
    r"|[(<\u2013\u2014-] ?benign\b|không (?:phải (?:là )?)?(?:mã )?độc(?: hại)?\b"
    r"|hợp pháp|lành tính|vô hại"
    r"|^\W*(?:registrar|name ?servers?|hosting provider|registrant|whois server)\b[^:]{0,12}:",
    re.IGNORECASE,
)
_LEGITIMATE = re.compile(
    r"(?:(?:is|are) (?:an? )?|[(<\u2013\u2014:-] ?)legitimate\b(?!,? but)"
    r"|\bthe legitimate (?:site|domain|website|service)\b",
    re.IGNORECASE,
)
_TAKEN_OVER = re.compile(
    r"compromis|infected|inject|hacked|abused|hosting the c|bị chiếm|bị xâm nhập|bị lợi dụng",
    re.IGNORECASE,
)
_BENIGN_HEADING = re.compile(
    r"\bnon-malicious\b|\bnot (?:inherently )?malicious\b|\bbenign\b|^\W*legitimate\b"
    r"|không (?:phải (?:là )?)?mã độc|hợp pháp",
    re.IGNORECASE,
)
# Whom the malware attacks: their names are no indicators of it.
_TARGETS_HEADING = re.compile(
    r"\btargeted\b|^(?:\w+ )?targets$|bị nhắm (?:đến|tới)|^mục tiêu|bị tấn công$",
    re.IGNORECASE,
)
_SOURCES_HEADING = re.compile(
    r"^(?:references?|notes?|sources?|social media posts?|further (?:reading|information)|links?"
    r"|authors?(?:\(s\))?|credits?|acknowledg\w+|see also|more info\w*|blog ?posts?"
    r"|tài liệu tham khảo|tham khảo|ghi chú|nguồn(?: tham khảo)?|căn cứ|nơi nhận)\b",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\b(?:above|trên)\b.{0,60}\b(?:urls?|domains?|files?|sites?|địa chỉ)\b"
    r"|\b(?:urls?|domains?) above\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SEPARATED = re.compile(r"\s*(?:$|<?--|[-\u2013\u2014\u2192(|#;*/<=\u2190]|:|\[|\s{2}|\t|[+`\"'])")
_NAMES_OF_VALUES = re.compile(
    r"sha-?\d{1,3}|md5|hash(?:es)?|file|location|name|port|ip|ipv[46]|address(?:es)?|domains?|url|urls|c2|c&c|host"
    r"|server|hostname|tcp|udp|http|https|get|post|traffic|site|địa|chỉ|tên|miền|cổng|máy|chủ|mã|băm|stt|độc|hại",
    re.IGNORECASE,
)
_MAIL_HEADER = re.compile(
    r"\W{0,4}(?:received|from|to|cc|return-path|reply-to|sender|message-id|helo|x-[\w-]{1,30})\b[^:]{0,3}:"
    r"|\W{0,4}(?:helo |.{0,60}\bby \S+ \((?:postfix|exim))",
    re.IGNORECASE,
)
_CERTIFICATE = re.compile(r"\b(?:common ?name|issuer|subject|cn=)", re.IGNORECASE)
_OWN_LABEL = re.compile(
    r"(?:website|web|trang(?: tin| thông tin)?(?: điện tử)?|email|e-mail|điện thoại|đt|fax"
    r"|cổng thông tin\w*|địa chỉ|tại|cổng)\s*:?\s*$",
    re.IGNORECASE,
)


def section_of(heading: str) -> Section:
    """Return what `heading` says of what stands under it."""
    words = heading.strip(" \t#=*_:.-")
    if (
        _BENIGN_HEADING.search(words)
        and not _TAKEN_OVER.search(words)
        and "but" not in words.lower()
    ):
        return Section.BENIGN
    if _TARGETS_HEADING.search(words):
        return Section.BENIGN
    return Section.SOURCES if _SOURCES_HEADING.match(words) else Section.OPEN


def is_benign(remark: str) -> bool:
    """Return whether `remark` says that what stands beside it does no harm."""
    if _HARMLESS.search(remark):
        return True
    return _LEGITIMATE.search(remark) is not None and not _TAKEN_OVER.search(remark)


def speaks_of_above(remark: str) -> bool:
    """Return whether `remark` is said of the values that stand above it."""
    return _ABOVE.search(remark) is not None


def stand_in(text: str, found: list[Found]) -> Stand:
    """Return how the values in one line of `text` stand there: as its items, or in a sentence."""
    if not found:
        return Stand.PROSE
    head = text[: found[0].start]
    if is_mail_header(text) or _CERTIFICATE.search(head):
        return Stand.PROSE
    if _OWN_LABEL.search(head) or len(_words(head)) > 3:
        return Stand.PROSE
    tail = "".join(
        text[one.end : following]
        for one, following in zip(
            found, [*(one.start for one in found[1:]), len(text)], strict=True
        )
    )
    after = text[found[0].end :]
    if _SEPARATED.match(after) or len(_words(tail)) <= 2:
        return Stand.ITEM
    return Stand.PROSE


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if not _NAMES_OF_VALUES.fullmatch(word)]


def is_mail_header(text: str) -> bool:
    """Return whether `text` begins as a line of a mail's header, which is written by its sender."""
    return _MAIL_HEADER.match(text) is not None
