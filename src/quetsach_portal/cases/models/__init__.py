"""Devices and cases, notices, rechecks."""

from quetsach_portal.cases.models import case, notice, recheck

__all__ = ["case", "notice", "recheck"]
