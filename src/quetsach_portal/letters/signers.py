"""In what capacity somebody signs, by their office and whether the body decides collectively."""

from collections.abc import Mapping
from typing import Any

from quetsach_portal.letters.models import LetterCapacity

_COLLECTIVE = ("Ủy ban nhân dân", "Hội đồng nhân dân")
_SHORT = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân"}
_DEPUTY = "phó "
_HEADS = ("chủ tịch", "thủ trưởng", "giám đốc")


def standing_of(body: str, post: str, *, is_collective: bool) -> Mapping[str, str]:
    """Return the fields that say in what capacity the holder of `post` signs for `body`.

    A people's committee signs what it decides through its chairman: "TM. ỦY BAN NHÂN DÂN"; a deputy
    signs for the head: "KT. CHỦ TỊCH". `is_collective` is False for what the head says alone.
    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.7.
    """
    collective = _collective_body(body) if is_collective else ""
    head = _head_of(post)
    if head:
        return {
            "capacity": LetterCapacity.FOR_SUPERIOR.value,
            "capacity_of": head,
            "on_behalf_of": collective,
        }
    if collective:
        capacity = LetterCapacity.ON_BEHALF.value
        return {"capacity": capacity, "capacity_of": collective, "on_behalf_of": ""}
    return {"capacity": LetterCapacity.DIRECT.value, "capacity_of": "", "on_behalf_of": ""}


def with_standing(body: str, typed: Mapping[str, str], *, is_collective: bool) -> dict[str, Any]:
    """Return the fields of a signer, the capacity filled in where nobody chose one."""
    fields = dict(typed)
    rule = standing_of(body, fields["signer_post"], is_collective=is_collective)
    if not fields.get("capacity") and not fields.get("on_behalf_of"):
        return {**fields, **rule}
    is_deputy = fields.get("capacity") == LetterCapacity.FOR_SUPERIOR
    if is_deputy and rule["on_behalf_of"] and not fields.get("on_behalf_of"):
        fields["on_behalf_of"] = rule["on_behalf_of"]
    return fields


def speaks_as_body(speaker: str) -> bool:
    """True where a letter is the body's own word; "Chủ tịch ... có ý kiến" is the head's alone."""
    return (
        not " ".join(speaker.split()).casefold().startswith(("chủ tịch", "thủ trưởng", "giám đốc"))
    )


def _collective_body(body: str) -> str:
    plain = " ".join(body.split()).casefold().replace("uỷ", "ủy")
    for name in _COLLECTIVE:
        if plain.startswith(name.casefold()):
            return name
    shorts = (full for short, full in _SHORT.items() if plain.startswith(f"{short.casefold()} "))
    return next(shorts, "")


def _head_of(post: str) -> str:
    """Return the post of whom a deputy stands in for: "Chủ tịch" of "Phó Chủ tịch", else ""."""
    plain = " ".join(post.split())
    if not plain.casefold().startswith(_DEPUTY):
        return ""
    head = plain[len(_DEPUTY) :]
    return head[:1].upper() + head[1:]
