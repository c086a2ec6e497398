"""Trà Cú district as of September 2022 with its "03 hệ": government, party, mass organisations.

Codes TC01 to TC30 are those of the engine's demo district, so evidence and units line up. Names of
bodies are public; people, addresses and head counts are made up.
"""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from quetsach_portal.units.dated import UNPLACED, place, subtree
from quetsach_portal.units.importing.preview import preview_of
from quetsach_portal.units.importing.save import save
from quetsach_portal.units.models import Desk, DeskRole, OrgUnit, ReportingLine, UnitKind
from quetsach_portal.units.register_file.rows import UnitRow

TOP = "TC"
SINCE = date(2021, 7, 1)
DISTRICT_AREA = "849"


_COMMUNES = (
    ("TC01", "thị trấn Trà Cú", "29461", 34),
    ("TC02", "thị trấn Định An", "29462", 31),
    ("TC03", "xã Đại An", "29491", 29),
    ("TC04", "xã Định An", "29494", 27),
    ("TC05", "xã Hàm Giang", "29488", 30),
    ("TC06", "xã Hàm Tân", "29489", 26),
    ("TC07", "xã Kim Sơn", "29482", 28),
    ("TC08", "xã Long Hiệp", "29506", 28),
    ("TC09", "xã Lưu Nghiệp Anh", "29476", 32),
    ("TC10", "xã Ngãi Xuyên", "29479", 30),
    ("TC11", "xã Ngọc Biên", "29503", 27),
    ("TC12", "xã Phước Hưng", "29464", 31),
    ("TC13", "xã Tân Hiệp", "29509", 26),
    ("TC14", "xã Tân Sơn", "29470", 27),
    ("TC15", "xã Tập Sơn", "29467", 30),
    ("TC16", "xã Thanh Sơn", "29485", 28),
    ("TC17", "xã An Quảng Hữu", "29473", 29),
)
_OFFICES = (
    ("TC18", "Văn phòng HĐND và UBND huyện", 18),
    ("TC19", "Phòng Văn hóa và Thông tin", 6),
    ("TC20", "Phòng Giáo dục và Đào tạo", 11),
    ("TC21", "Phòng Tài chính - Kế hoạch", 10),
    ("TC22", "Phòng Nội vụ", 9),
    ("TC23", "Phòng Lao động - Thương binh và Xã hội", 9),
    ("TC24", "Phòng Tư pháp", 4),
    ("TC25", "Phòng Y tế", 3),
    ("TC26", "Phòng Nông nghiệp và Phát triển nông thôn", 9),
    ("TC27", "Phòng Kinh tế và Hạ tầng", 9),
    ("TC28", "Phòng Tài nguyên và Môi trường", 8),
    ("TC29", "Thanh tra huyện", 5),
    ("TC30", "Phòng Dân tộc", 5),
)
_PARTY = (
    ("HU01", "Văn phòng Huyện ủy", 12),
    ("HU02", "Ban Tổ chức Huyện ủy", 7),
    ("HU03", "Ban Tuyên giáo Huyện ủy", 6),
    ("HU04", "Ban Dân vận Huyện ủy", 5),
    ("HU05", "Cơ quan Ủy ban Kiểm tra Huyện ủy", 7),
    ("HU06", "Trung tâm Chính trị huyện", 5),
)
_MASS = (
    ("DT01", "Ủy ban Mặt trận Tổ quốc Việt Nam huyện", 6),
    ("DT02", "Huyện đoàn Trà Cú", 6),
    ("DT03", "Hội Liên hiệp Phụ nữ huyện", 6),
    ("DT04", "Hội Nông dân huyện", 6),
    ("DT05", "Hội Cựu chiến binh huyện", 5),
    ("DT06", "Liên đoàn Lao động huyện", 5),
)
_DESKS = ((DeskRole.COMPILER, "TC19"), (DeskRole.RECEIVER, "TC18"), (DeskRole.CLERK, "TC18"))


def load_tra_cu(day: date = SINCE) -> Mapping[str, OrgUnit]:
    """Return the units of the district by their codes, made if they are not there yet."""
    with transaction.atomic():
        top = OrgUnit.objects.filter(code=TOP).first() or _make_top(day)
        found = preview_of(_rows(), [], top)
        if found.problems:
            raise AssertionError([problem.told for problem in found.problems])
        save(found, day, "")
        units = {unit.code: unit for unit in subtree(top.path)}
        for role, code in _DESKS:
            Desk.objects.get_or_create(unit=top, role=role, defaults={"served_by": units[code]})
    return units


def _make_top(day: date) -> OrgUnit:
    top = OrgUnit.objects.create(
        code=TOP, kind=UnitKind.DISTRICT, name="-", path=UNPLACED, opened_on=day
    )
    place(0)
    top.refresh_from_db()
    return top


def _rows() -> list[UnitRow]:
    district, commune, office = UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.OFFICE
    state, party, mass = ReportingLine.TERRITORY, ReportingLine.PARTY, ReportingLine.MASS_ORG
    top_name = "Ủy ban nhân dân huyện Trà Cú"
    bodies: list[tuple[str, str, UnitKind, int, str, ReportingLine, str]] = [
        (TOP, top_name, district, 96, "", state, DISTRICT_AREA),
        *(
            (code, f"Ủy ban nhân dân {name}", commune, staff, TOP, state, area)
            for code, name, area, staff in _COMMUNES
        ),
        *((code, name, office, staff, TOP, state, "") for code, name, staff in _OFFICES),
        ("HU", "Huyện ủy Trà Cú", UnitKind.PARTY, 9, TOP, party, ""),
        *((code, name, UnitKind.PARTY, staff, "HU", party, "") for code, name, staff in _PARTY),
        *((code, name, UnitKind.MASS_ORG, staff, TOP, mass, "") for code, name, staff in _MASS),
    ]
    rows = [
        UnitRow(
            row=number,
            sheet="",
            code=code,
            name=name,
            parent=parent,
            kind=kind.value,
            line=line.value,
            area_code=area,
            staff=staff,
            mail=f"vanthu.{code.lower()}@tracu.example",
            person=f"Văn thư {code}",
        )
        for number, (code, name, kind, staff, parent, line, area) in enumerate(bodies, 1)
    ]
    # The school of politics belongs to the party and the district: it is on two lines.
    school = next(row for row in rows if row.code == "HU06")
    second = UnitRow(
        row=len(rows) + 1,
        sheet="",
        code=school.code,
        name=school.name,
        parent=TOP,
        kind=school.kind,
        line=state.value,
    )
    return [*rows, second]
