"""Whose manner a document is set in: that of the state's bodies, or that of the Party's.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I; Hướng dẫn 36-HD/VPTW (2018), II.1.1 to II.1.5 and its
Phụ lục 3. Margins, recipients and page numbers are set as the decree has them in both.
"""

from dataclasses import dataclass

from quetsach.documents import decree30 as decree


@dataclass(frozen=True)
class House:
    """How the head is set. Units: points. `star` stands below the issuer in place of a rule."""

    nation: float
    issuer: float
    number: float
    kind: float
    is_about_italic: bool = False
    star: str = ""


STATE = House(decree.HEAD_PT, decree.HEAD_PT, decree.HEAD_PT, decree.BIG_PT)
PARTY = House(15.0, 14.0, 14.0, 15.0, is_about_italic=True, star="*")
