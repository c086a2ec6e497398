"""Devices and cases, notices, rechecks."""

from quetsach_portal.cases.models import case, coverage, notice, recheck, request

__all__ = ["case", "coverage", "notice", "recheck", "request"]
