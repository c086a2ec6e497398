"""Who must do a task: "Giao X chủ trì ...", "Đề nghị X ...", X at its beginning, or above all."""

import re

from quetsach.letters.kinds import BODY_WORDS, PERSON_WORDS
from quetsach.letters.lines import fold
from quetsach.letters.model import Found, Source

_NAMED = (
    rf"(?:(?:cac |toan the |moi )?(?:{BODY_WORDS}|{PERSON_WORDS}|cap uy|chi bo|can bo)"
    # "Tổ chức rà soát" asks to arrange it, and names nobody.
    r"|(?:cac|quy|moi|tung|nhung) (?:co quan|don vi|to chuc|ban|xa|phuong|ap|truong))"
)
_ASKED = re.compile(
    rf"\A(?:giao(?: cho)?|de nghi|yeu cau|kinh de nghi|phan cong|uy quyen) (?={_NAMED})"
)
_LEAD = re.compile(rf"(?:(?<=de nghi )|(?<=yeu cau )|(?<=ask )|(?<=request ))(?={_NAMED}|all )")
_FIRST = re.compile(rf"\A{_NAMED}")
# The verb with which the task itself begins.
_VERB = re.compile(
    r" (?:(?:co )?trach nhiem|chu tri|chu dong|trien khai|to chuc|tiep tuc|phoi hop|huong dan"
    r"|thuc hien|tang cuong|khan truong|nghiem tuc|chi dao|phat dong|tuyen truyen|pho bien"
    r"|ra soat|kiem tra|giam sat|theo doi|tong hop|bao cao|tham gia|quan triet|gui|cu|bo tri"
    r"|xay dung|cung cap|su dung|cai dat|cap nhat|xu ly|quan tam|can cu|dam bao|bao dam|khong"
    r"|thong bao|lam|can|phai|du|tu)(?![a-z])|[:;]"
)


def who_does(source: Source) -> Found[str]:
    """Return who is named as the one to do it; no value and no question where nobody is."""
    folded = fold(source.text)
    asked = _ASKED.match(folded)
    start = asked.end() if asked else 0
    if asked is None and _FIRST.match(folded) is None:
        return Found()
    # "Ủy ban nhân dân xã yêu cầu các đơn vị ...": who asks is not who must do it.
    lead = _LEAD.search(folded, start)
    end = _VERB.search(folded, start)
    if lead is not None and (end is None or lead.end() < end.start()):
        start, end = lead.end(), _VERB.search(folded, lead.end())
    if end is None or not 2 < end.start() - start <= 300:
        return Found()
    value = source.text[start : end.start()].strip(" ,:;")
    return Found(value, source) if value else Found()


def asked_above(source: Source) -> Found[str]:
    """Return who is asked in the words that lead a list in: "... đề nghị X chỉ đạo:"."""
    folded = fold(source.text)
    if not folded.endswith(":"):
        return Found()
    starts = [found.end() for found in _LEAD.finditer(folded)]
    end = _VERB.search(folded, starts[-1]) if starts else None
    if end is None or not 2 < end.start() - starts[-1] <= 300:
        return Found()
    return Found(source.text[starts[-1] : end.start()].strip(" ,:;"), source)
