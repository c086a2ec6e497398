"""What the sandbox of a run of tests loads once, and not for each file that a test uploads."""
# ruff: noqa: F401 - to be loaded is all that these are for

from quetsach_portal.intake import sandboxed


def load_ahead() -> None:
    """Load what the acts of all rooms come to."""
    sandboxed.load_ahead()
    import openpyxl
    import pypdfium2

    import quetsach.readers.read
    import quetsach_portal.publishing.lists.sandboxed_list
