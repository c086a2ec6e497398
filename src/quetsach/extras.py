"""Which extra of quetsach brings a package, and what is said where one is not installed."""

import re
from collections.abc import Mapping
from importlib.util import find_spec

from quetsach.errors.exceptions import QuetsachError

EXTRA_OF: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("PIL", "datasketches", "docx", "lxml", "oxmsg", "pypdfium2", "python_calamine"),
            *("signxml", "xlsxwriter"),
        ),
        "documents",
    ),
    **dict.fromkeys(("asn1crypto", "pkcs11", "pyhanko", "pyhanko_certvalidator", "typst"), "pdf"),
    "numpy": "fast",
    "pymispwarninglists": "lists",
    **dict.fromkeys(
        (
            *(
                "allauth",
                "apprise",
                "csp",
                "django",
                "granian",
                "icalendar",
                "ldap3",
                "ninja",
                "psycopg",
            ),
            *("jwt", "pydantic", "quetsach_portal", "quetsach_public", "requests"),
        ),
        "portal",
    ),
    **dict.fromkeys(("pandas", "pyspark"), "spark"),
}
"""Packages by the name of their import that the core goes without, as in both pyproject.toml."""

OUR_OWN = frozenset({"quetsach_portal", "quetsach_public"})
"""The portal itself: no public index has it, so that pip cannot be told to fetch it by its name."""

_NOT_THERE = re.compile(r"No module named '([A-Za-z0-9_]+)")


def is_installed(package: str) -> bool:
    """Return whether a package can be imported; nothing is imported."""
    return find_spec(package) is not None


def require(package: str, where: str = "quetsach") -> None:
    """Return if the package is installed. Errors: E614 names its extra, E615 is the portal's."""
    problem = missing_package(package, where)
    if problem is not None:
        raise problem


def missing_package(package: str, where: str = "quetsach") -> QuetsachError | None:
    """Return what is to be said where a package of an extra is not installed, else None."""
    package = package.partition(".")[0]
    if package not in EXTRA_OF or is_installed(package):
        return None
    if package in OUR_OWN:
        return QuetsachError("E615", where, package=package)
    return QuetsachError("E614", where, package=package, extra=EXTRA_OF[package])


def missing_in(message: str, where: str) -> QuetsachError | None:
    """Return the same of the last words of another process, by which an import failed there."""
    # It read what strangers wrote: its words are believed only as far as they fit.
    named = _NOT_THERE.search(message)
    return None if named is None else missing_package(named[1], where)
