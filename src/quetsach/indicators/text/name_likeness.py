"""Whether labels between dots are the name of a host, or of a file or program."""

import unicodedata

from quetsach.hostnames import is_known_tld
from quetsach.indicators.values import is_file_ending

# Suffixes that are not registered and are still used on purpose: RFC 2606, RFC
# 7686, and those of other roots that malware uses.
_OTHER_ENDINGS = frozenset(
    """
    example test invalid onion i2p bit bazar lib emc coin
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)
# These are domains of countries, or sold by registries, and the endings of files as well.
_FILE_LIKE = frozenset(
    """
    app cab cc mo md mm mov pl pm ps py rs sc sh so st zip
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)
_PACKAGE_STARTS = frozenset(["com", "net", "org", "android", "java", "javax", "io"])
_NO_NAMES = frozenset(("asp.net", "vb.net", "ado.net", "ml.net", "system.net"))
_KEPT = ("L", "M", "N")


def is_ending(label: str) -> bool:
    """Return whether a name may end in `label`."""
    return label.lower() in _OTHER_ENDINGS or is_known_tld(label)


def is_written_as_names_are(head: str) -> bool:
    """Return whether `head` has no sign but those that names are made of."""
    if head.isascii():
        return True
    return all(sign in ".-_*" or unicodedata.category(sign).startswith(_KEPT) for sign in head)


def may_be_no_name(labels: list[str]) -> bool:
    """Return whether it may as well be a file, a program or two sentences without a blank."""
    last = labels[-1]
    if last.lower() in _FILE_LIKE and (len(labels) == 2 or _looks_like_file(labels)):
        return True
    if ".".join(labels).lower() in _NO_NAMES:
        return True
    titled = last[:1].isupper() and last[1:].islower()
    return titled or labels[0].lower() in _PACKAGE_STARTS


def _looks_like_file(labels: list[str]) -> bool:
    stem = labels[:-1]
    return any(
        "_" in label or label.isdigit() or label != label.lower() for label in stem
    ) or is_file_ending(stem[-1])
