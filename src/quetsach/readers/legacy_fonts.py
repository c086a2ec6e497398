"""Text that was typed for the fonts of before Unicode, TCVN3 (".VnTime", ABC) and VNI-Windows.

In these fonts a Latin-1 letter is drawn as a Vietnamese one, so the text of such a document reads
as nonsense: "cña" or "cuûa" for "của". Plain ASCII stands for itself in both, so addresses and
names stay as they are.
Source: TCVN 5712:1993, VN3 (as glibc's charset TCVN5712-1 has it); VNI's "Windows" code table (as
the keyboards xvnkb and UniKey have it).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from quetsach.readers.contract import DocumentBlock

# Vowels in the order of their code: plain letter, then grave, hook, tilde, acute, dot below.
_TCVN3 = {
    "àảãáạ": "\xb5\xb6\xb7\xb8\xb9",
    "ăằẳẵắặ": "\xa8\xbb\xbc\xbd\xbe\xc6",
    "âầẩẫấậ": "\xa9\xc7\xc8\xc9\xca\xcb",
    "èẻẽéẹ": "\xcc\xce\xcf\xd0\xd1",
    "êềểễếệ": "\xaa\xd2\xd3\xd4\xd5\xd6",
    "ìỉĩíị": "\xd7\xd8\xdc\xdd\xde",
    "òỏõóọ": "\xdf\xe1\xe2\xe3\xe4",
    "ôồổỗốộ": "\xab\xe5\xe6\xe7\xe8\xe9",
    "ơờởỡớợ": "\xac\xea\xeb\xec\xed\xee",
    "ùủũúụ": "\xef\xf1\xf2\xf3\xf4",
    "ưừửữứự": "\xad\xf5\xf6\xf7\xf8\xf9",
    "ỳỷỹýỵ": "\xfa\xfb\xfc\xfd\xfe",
    "đĐĂÂÊÔƠƯ": "\xae\xa7\xa1\xa2\xa3\xa4\xa5\xa6",
}
# Acute, grave, hook, tilde, dot below.
_VNI = {
    "áàảãạ": "aù aø aû aõ aï",
    "âấầẩẫậ": "aâ aá aà aå aã aä",
    "ăắằẳẵặ": "aê aé aè aú aü aë",
    "éèẻẽẹ": "eù eø eû eõ eï",
    "êếềểễệ": "eâ eá eà eå eã eä",
    "íìỉĩị": "í ì æ ó ò",
    "óòỏõọ": "où oø oû oõ oï",
    "ôốồổỗộ": "oâ oá oà oå oã oä",
    "ơớờởỡợ": "ô ôù ôø ôû ôõ ôï",
    "úùủũụ": "uù uø uû uõ uï",
    "ưứừửữự": "ö öù öø öû öõ öï",
    "ýỳỷỹỵ": "yù yø yû yõ î",
    "đ": "ñ",
}
_TCVN3_TABLE = {
    ord(old): new for news, olds in _TCVN3.items() for new, old in zip(news, olds, strict=True)
}
_VNI_TABLE = {
    old: new for news, olds in _VNI.items() for new, old in zip(news, olds.split(), strict=True)
}
_VNI_TABLE |= {old.upper(): new.upper() for old, new in _VNI_TABLE.items()}
# A capital whose mark was typed in small, as Word's "Title Case" leaves it.
_VNI_TABLE |= {
    old[0].upper() + old[1]: new.upper() for old, new in _VNI_TABLE.items() if len(old) == 2
}
_VNI_SIGNS = re.compile("|".join(sorted(_VNI_TABLE, key=len, reverse=True)))

_COMMON = """
và của các được là không cho một những có người trong với này đã đến về từ thông công tin
số ngày tháng năm việc thực hiện báo cáo quả kết triển khai cơ quan đơn vị độc mã địa chỉ
tên miền máy tính mạng an toàn ủy ban nhân dân tỉnh huyện xã phòng sở kính gửi nơi nhận
trưởng chủ tịch phó điều quyết định nghị văn bản hành chính phủ việt nam tự do hạnh phúc
cộng hòa xã hội nghĩa lập phụ lục danh sách
"""
_MARKED = frozenset(word for word in _COMMON.split() if not word.isascii())
_ENOUGH_WORDS, _ENOUGH_SHARE = 3, 0.04
_MOST_LETTERS = 200_000
_MARKS = re.compile("[^\x00-\x7f]")
_UNICODE_ONLY = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")


def from_tcvn3(text: str) -> str:
    """Return `text`, written for a TCVN3 font, in Unicode."""
    return text.translate(_TCVN3_TABLE)


def from_vni(text: str) -> str:
    """Return `text`, written for a VNI font, in Unicode."""
    return _VNI_SIGNS.sub(lambda found: _VNI_TABLE[found.group()], text)


_CODINGS = {"TCVN3": from_tcvn3, "VNI": from_vni}


def coding_of(text: str) -> str:
    """Return "TCVN3" or "VNI" if `text` was typed for such a font, else "".

    It is so when common Vietnamese words appear by the conversion that were not there before.
    """
    text = text[:_MOST_LETTERS]
    if not _MARKS.search(text) or len(_UNICODE_ONLY.findall(text)) > 0.02 * len(text):
        return ""
    words, before = _words(text)
    scores = {coding: _words(convert(text))[1] - before for coding, convert in _CODINGS.items()}
    best = max(scores, key=lambda coding: len(scores[coding]))
    found = scores[best]
    share = sum(word in found for word in _split(_CODINGS[best](text))) / max(1, words)
    return best if len(found) >= _ENOUGH_WORDS and share >= _ENOUGH_SHARE else ""


def to_unicode(blocks: Sequence[DocumentBlock]) -> tuple[str, Sequence[DocumentBlock]]:
    """Return the coding that the blocks were typed in, and them in Unicode; "" if in Unicode."""
    coding = coding_of(_sample(block.text for block in blocks if _old(block.text)))
    if not coding:
        return "", blocks
    return coding, [_converted(block, _CODINGS[coding]) for block in blocks]


def _converted(block: DocumentBlock, convert: Callable[[str], str]) -> DocumentBlock:
    if not _old(block.text):
        return block
    cells = tuple(convert(cell) for cell in block.cells)
    return replace(block, text=convert(block.text), cells=cells)


def _old(text: str) -> bool:
    return not text.isascii() and not _UNICODE_ONLY.search(text)


def _sample(texts: Iterable[str]) -> str:
    parts, size = [], 0
    for text in texts:
        parts.append(text)
        size += len(text)
        if size > _MOST_LETTERS:
            break
    return "\n".join(parts)


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def _words(text: str) -> tuple[int, frozenset[str]]:
    words = _split(text)
    return len(words), _MARKED.intersection(words)


# Which runs of a Word document are set in a font of before Unicode, and what they then say.

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_STYLES = 32


class StyleFonts:
    """The fonts of the styles; returns what a run's letters mean in its font.

    Source: the fonts' own names: ".VnTime" and its kin hold TCVN3, those on H only capitals;
    "VNI-Times" and its kin hold VNI.
    """

    def __init__(self, styles: Any | None) -> None:
        self._fonts: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._default = ""
        for style in () if styles is None else styles.iter(f"{_W}style"):
            name = style.get(f"{_W}styleId", "")
            self._fonts[name] = font_of(style.find(f"{_W}rPr"))
            parent = style.find(f"{_W}basedOn")
            self._parents[name] = "" if parent is None else parent.get(f"{_W}val", "")
            if style.get(f"{_W}default") == "1" and style.get(f"{_W}type") == "paragraph":
                self._default = name
        defaults = f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"
        self._last = "" if styles is None else font_of(styles.find(defaults))
        self._any = any(map(_is_old, (*self._fonts.values(), self._last)))

    def reading(self, text: str, own: Any | None, style: str) -> str:
        """Return what `text` says; `own` are the run's properties, `style` its paragraph's."""
        font = font_of(own)
        if not font and self._any:
            chosen = None if own is None else own.find(f"{_W}rStyle")
            named = "" if chosen is None else chosen.get(f"{_W}val", "")
            font = self._styled(named) or self._styled(style or self._default) or self._last
        if not _is_old(font) or text.isascii():
            return text
        if font.lower().startswith("vni"):
            return from_vni(text)
        turned = from_tcvn3(text)
        return turned.upper() if font.endswith("H") else turned

    def _styled(self, name: str) -> str:
        for _ in range(_MOST_STYLES):
            if self._fonts.get(name):
                return self._fonts[name]
            name = self._parents.get(name, "")
        return ""


def font_of(properties: Any | None) -> str:
    """Return the font of Latin letters that run properties name, "" if none."""
    fonts = None if properties is None else properties.find(f"{_W}rFonts")
    if fonts is None:
        return ""
    return str(fonts.get(f"{_W}ascii") or fonts.get(f"{_W}hAnsi") or "")


def _is_old(font: str) -> bool:
    return font.lower().startswith((".vn", "vni-"))
