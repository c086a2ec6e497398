"""The foot of a letter: who receives it, where it is kept, who signed and by what right."""

import re
from collections.abc import Sequence

from quetsach.letters.lines import Line, fold
from quetsach.letters.model import Capacity, Found, Signer
from quetsach.letters.questions import Open

MOST_RECIPIENTS = 200

_CAPACITY = re.compile(r"(?P<code>tuq|tm|kt|tl|q|t/m|k/t|t/l|t/uq)[.:]? ?(?P<whom>[a-z].*)?\Z")
_POSTS = (
    r"(?:pho |quyen )?(?:chu tich|cuc truong|giam doc|bo truong|thu truong|chanh van phong|truong"
    r"|tong giam doc|bi thu|chu nhiem|hieu truong|vien truong|chanh thanh tra|uy vien|thu tuong"
    r"|tong cuc truong|vu truong|thuong truc|chi cuc truong|doi truong|pho)(?![a-z])"
)
_POST = re.compile(_POSTS)
_ITEM = re.compile(r"[-+•–·*] ?(?=\S)")
_FILED = re.compile(r"[-+•–·*]? ?luu ?:? ?(?=\S)")
_ITEM_AND_MORE = re.compile(
    r"(?P<item>[-+•–·*] ?[^;]{1,120}(?:;|\.(?= ?\Z| [A-ZĐ])))(?P<more> .*)?"
)
_NOT_A_NAME = re.compile(
    r"\(|da ky|ky boi|nguoi ky|phu luc|noi nhan|ngay |thoi gian|so |email|co quan|dien tu|luu"
)
_NAME = re.compile(r"[^\W\d_]{1,12}(?: [^\W\d_]{1,12}){1,6}")
# Degrees, and the ranks of police and army, stand before a name and are no part of it.
_DEGREE = re.compile(
    r"(?:(?:gs|pgs|ts|ths|bs|ks|dr|mr|mrs|ms)\. ?){1,4}(?=[a-z])"
    r"|(?:dai|thuong|trung|thieu) (?:tuong|ta|uy) (?=[a-z])"
)
_RIGHT = re.compile(r" (?=(?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L)\. ?[A-ZĐ])")


def foot_start(lines: Sequence[Line]) -> int:
    """Return the place where the foot begins; the number of lines where there is none."""
    for n, one in enumerate(lines):
        if one.folded.startswith("noi nhan") or _is_capacity(one):
            return n
    start = next((n for n, one in enumerate(lines) if n and _is_signed(lines[n : n + 5])), None)
    return len(lines) if start is None else start


def _is_capacity(line: Line) -> bool:
    found = _CAPACITY.match(line.folded)
    return (
        found is not None
        and line.text.isupper()
        and (found["whom"] is not None)
        and len(line.text) < 120
        and line.text[found.end("code")] in ".: "
    )


def _is_signed(lines: Sequence[Line]) -> bool:
    """Tell whether a post stands here and a name below it."""
    return _is_post(lines[0]) and any(_name(one) is not None for one in lines[1:])


def _is_post(line: Line) -> bool:
    return line.text.isupper() and len(line.text) < 80 and _POST.match(line.folded) is not None


def columns(foot: Sequence[Line]) -> tuple[list[str], list[Line]]:
    """Return the foot's left column, an entry an item, and the lines of its right column."""
    items: list[str] = []
    right: list[Line] = []
    listing = False
    for line in foot:
        text = line.text
        if line.folded.startswith("noi nhan"):
            listing, text = True, text[8:].lstrip(" :")
        text = _split(text, items) if listing else text
        if not text:
            continue
        inside = items and items[-1][-1:] not in ";." and not text[:1].isupper()
        if listing and inside and not right:
            items[-1] = f"{items[-1]} {text}"
        elif listing and text.endswith(";") and not right and not text.isupper():
            # The page parted an item from its dash.
            items.append(text)
        else:
            right.append(Line(text, line.place))
    return items[:MOST_RECIPIENTS], right


def _split(text: str, items: list[str]) -> str:
    """Move the item that a line begins with to `items`; return the rest of the line."""
    if not _ITEM.match(text) and not _FILED.match(fold(text)):
        return text
    column = _RIGHT.search(text)
    if column is not None:
        items.append(text[: column.start()])
        return text[column.end() :]
    found = _ITEM_AND_MORE.match(text)
    if found is None or not (found["more"] or "").strip():
        items.append(text)
        return ""
    items.append(found["item"])
    more = found["more"].strip()
    return _split(more, items) if _ITEM.match(more) else more


def recipients_of(foot: Sequence[Line], opened: Open) -> tuple[Found[tuple[str, ...]], Found[str]]:
    """Return who receives the letter, and where it is kept."""
    items, _right = columns(foot)
    start = next((one for one in foot if one.folded.startswith("noi nhan")), None)
    names: list[str] = []
    filed: str | None = None
    for item in items:
        kept = _FILED.match(fold(item))
        value = (item[kept.end() :] if kept else item.lstrip("-+•–·* ")).strip(" ;,./")
        if kept:
            filed = value
        elif value:
            names.append(value)
    source = None if start is None else start.source
    if not names:
        missing: Found[tuple[str, ...]] = Found(question=opened.ask("recipients", "recipients"))
        return missing, Found(filed, source) if filed else Found()
    return Found(tuple(names), source), Found(filed, source) if filed else Found()


def signer_of(foot: Sequence[Line], opened: Open) -> Signer:
    """Return who signed, with post and capacity."""
    _items, right = columns(foot)
    capacity: Found[Capacity] = Found()
    behalf: list[Line] = []
    posts: list[Line] = []
    name: Found[str] = Found()
    for line in right[:40]:
        if _is_capacity(line):
            found = _CAPACITY.match(line.folded)
            assert found is not None
            # TM. ỦY BAN NHÂN DÂN, then KT. CHỦ TỊCH: the last one is the signer's own.
            code = found["code"].replace("/", "").upper()
            capacity = Found(Capacity(code), line.source)
            behalf.append(Line(line.at(*found.span("whom")), line.place))
            posts = []
        elif line.text.isupper() and len(line.text) < 100 and not _NOT_A_NAME.match(line.folded):
            posts.append(line)
        elif (posts or behalf) and (words := _name(line)) is not None:
            name = Found(words, line.source)
            break
    if name.value is None:
        name = Found(question=opened.ask("signer", "signer"))
    return _signer(name, capacity, posts=posts, behalf=behalf, opened=opened)


def _signer(
    name: Found[str],
    capacity: Found[Capacity],
    *,
    posts: list[Line],
    behalf: list[Line],
    opened: Open,
) -> Signer:
    whom = "; ".join(one.text for one in behalf)
    if capacity.value is Capacity.Q and not posts:
        # Q. CỤC TRƯỞNG: acting in the post that is named.
        posts, whom = behalf[-1:], ""
    post = " ".join(one.text for one in posts)
    position = (
        Found(post, posts[0].source)
        if post
        else Found[str](question=opened.ask("signer.position", "position"))
    )
    if capacity.value is None and post:
        capacity = Found(Capacity.DIRECT, posts[0].source)
    on_behalf: Found[str] = Found(whom, behalf[0].source) if whom else Found()
    return Signer(name, position, capacity, on_behalf)


def _name(line: Line) -> str | None:
    text = line.text
    degree = _DEGREE.match(line.folded)
    if degree is not None:
        text = text[degree.end() :]
    if _NOT_A_NAME.match(line.folded) or _NAME.fullmatch(text) is None:
        return None
    words = text.split()
    return text if all(word[0].isupper() for word in words) and not text.isupper() else None
