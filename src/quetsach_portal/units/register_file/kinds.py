"""The kind of a unit by how its name begins, where the file does not say it."""

from quetsach_portal.units.folding import folded
from quetsach_portal.units.models import UnitKind

_BEGINNINGS: tuple[tuple[str, UnitKind], ...] = (
    ("uy ban nhan dan tinh", UnitKind.PROVINCE),
    ("ubnd tinh", UnitKind.PROVINCE),
    ("tinh uy", UnitKind.PARTY),
    ("huyen uy", UnitKind.PARTY),
    ("dang uy", UnitKind.PARTY),
    ("van phong huyen uy", UnitKind.PARTY),
    ("ban tuyen giao", UnitKind.PARTY),
    ("ban to chuc", UnitKind.PARTY),
    ("ban dan van", UnitKind.PARTY),
    ("uy ban kiem tra", UnitKind.PARTY),
    ("trung tam chinh tri", UnitKind.PARTY),
    ("uy ban mat tran", UnitKind.MASS_ORG),
    ("mat tran", UnitKind.MASS_ORG),
    ("ubmttq", UnitKind.MASS_ORG),
    ("huyen doan", UnitKind.MASS_ORG),
    ("doan thanh nien", UnitKind.MASS_ORG),
    ("lien doan lao dong", UnitKind.MASS_ORG),
    ("hoi ", UnitKind.MASS_ORG),
    ("tinh ", UnitKind.PROVINCE),
    ("uy ban nhan dan huyen", UnitKind.DISTRICT),
    ("ubnd huyen", UnitKind.DISTRICT),
    ("huyen ", UnitKind.DISTRICT),
    ("quan ", UnitKind.DISTRICT),
    ("thi xa ", UnitKind.DISTRICT),
    ("uy ban nhan dan xa", UnitKind.COMMUNE),
    ("uy ban nhan dan phuong", UnitKind.COMMUNE),
    ("uy ban nhan dan thi tran", UnitKind.COMMUNE),
    ("ubnd xa", UnitKind.COMMUNE),
    ("ubnd phuong", UnitKind.COMMUNE),
    ("ubnd thi tran", UnitKind.COMMUNE),
    ("xa ", UnitKind.COMMUNE),
    ("phuong ", UnitKind.COMMUNE),
    ("thi tran ", UnitKind.COMMUNE),
    ("dac khu ", UnitKind.COMMUNE),
    ("truong ", UnitKind.SCHOOL),
    ("so ", UnitKind.DEPARTMENT),
    ("bo ", UnitKind.MINISTRY),
    ("phong ", UnitKind.OFFICE),
    ("van phong", UnitKind.OFFICE),
    ("thanh tra", UnitKind.OFFICE),
)
"""The first that fits counts; "Trường" folds to "truong", so what is close stands in order."""


def kind_by_name(name: str) -> UnitKind:
    """Return what a unit of this name is, `AGENCY` where its name does not tell."""
    text = folded(name)
    return next((kind for start, kind in _BEGINNINGS if text.startswith(start)), UnitKind.AGENCY)
