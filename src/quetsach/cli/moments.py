"""A moment as people in Vietnam read it, with its distance from UTC."""

from datetime import datetime
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def shown_moment(moment: datetime) -> str:
    """Return an aware `moment` on the clock of Vietnam: 23:59:59 28/09/2022 (+07:00)."""
    return moment.astimezone(_HERE).strftime("%H:%M:%S %d/%m/%Y (+07:00)")
