"""Whether the addressees of a letter are the units that get it; a stop where they are not."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.letters.documents import refused
from quetsach_portal.letters.models import Letter
from quetsach_portal.units.models import UnitKind

MOST_NAMED = 5

_OWN_LINES = {UnitKind.OFFICE, UnitKind.PARTY, UnitKind.MASS_ORG, UnitKind.AGENCY}

_GROUPS: Sequence[tuple[str, frozenset[UnitKind]]] = tuple(
    (words, frozenset(kinds))
    for words, kinds in (
        (r"\bcác xã\b|\bcác phường\b|\bthị trấn\b|\bđặc khu\b", {UnitKind.COMMUNE}),
        (r"phòng, ban|phòng ban|ban, ngành huyện", {UnitKind.OFFICE}),
        (r"\b0?3 hệ\b|\bba hệ\b", _OWN_LINES),
        (r"các sở", {UnitKind.DEPARTMENT}),
        (r"các huyện|các quận|\bthị xã\b", {UnitKind.DISTRICT}),
        (r"các tỉnh", {UnitKind.PROVINCE}),
        (r"các bộ|ngang bộ", {UnitKind.MINISTRY}),
        (r"các trường|trường học", {UnitKind.SCHOOL}),
        (r"khối đảng|các đảng ủy|ban đảng", {UnitKind.PARTY}),
        (r"mặt trận|đoàn thể|chính trị - xã hội", {UnitKind.MASS_ORG}),
        (r"trực thuộc", {UnitKind.AGENCY, UnitKind.OFFICE, UnitKind.SCHOOL}),
        (r"các cơ quan, đơn vị(?! trực thuộc| khối)", set(UnitKind)),
    )
)
"""Words after "Kính gửi" that stand for all units of some kinds."""


def refuse_unlike_recipients(letter: Letter, nodes: Sequence[CampaignNode]) -> None:
    """Refuse a letter whose "Kính gửi" names other units than those that get it.

    Errors: Refused with E429: which recipient is not addressed, or which line reaches nobody.
    """
    names = {_plain(node.name_at_freeze) for node in nodes}
    covered: set[UnitKind] = set()
    named: set[str] = set()
    strange: list[str] = []
    for line in filter(None, map(_plain, letter.addressees)):
        kinds = _kinds_of(line, nodes)
        covered |= kinds
        own = {name for name in names if line == name or line.endswith(f" {name}")}
        named |= own
        if not own and not kinds:
            strange.append(line)
    forgotten = [
        node.name_at_freeze
        for node in nodes
        if _plain(node.name_at_freeze) not in named and UnitKind(node.unit.kind) not in covered
    ]
    if forgotten:
        reason = _("%(units)s gets the letter and is not addressed")
        raise refused("E429", letter.full_number, reason=reason % {"units": _listed(forgotten)})
    if strange:
        reason = _("“%(lines)s” is addressed and no recipient of this letter")
        raise refused("E429", letter.full_number, reason=reason % {"lines": _listed(strange)})


def _kinds_of(line: str, nodes: Sequence[CampaignNode]) -> set[UnitKind]:
    """Return the kinds of recipients for which a line stands as a group; none where it has none."""
    here = {UnitKind(node.unit.kind) for node in nodes}
    groups = (kinds for words, kinds in _GROUPS if re.search(words, line))
    return here & set().union(*groups)


def _plain(text: str) -> str:
    return " ".join(text.split()).removeprefix("- ").rstrip(" ;,.").casefold()


def _listed(texts: Sequence[str]) -> str:
    shown = "; ".join(texts[:MOST_NAMED])
    more = len(texts) - MOST_NAMED
    return f"{shown} (+{more})" if more > 0 else shown
