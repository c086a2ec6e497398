"""Load ahead what most acts in the sandbox need, for a process that others are forked off."""
# ruff: noqa: F401 - to be loaded is all that these are for

from quetsach.lean_arrow import load_arrow


def load_ahead() -> None:
    """Load the engine, its lists' forms, the report's page and the suffixes of names.

    No file but those of the program is read, and no thread is started.
    Cost: about a second of processor, 120 MB.
    """
    load_arrow()
    _load_modules()
    from quetsach.hostnames import suffix_section
    from quetsach.html_report.page import page_templates
    from quetsach.indicators.allow.doubtful import warning_index
    from quetsach.indicators.formats.registry import FORMS

    suffix_section("com.vn")
    # A child in the sandbox could not keep what it compiles.
    warning_index()
    page_templates()
    len(FORMS)


def _load_modules() -> None:
    """Load what is otherwise loaded when an act comes to it."""
    import encodings.cp437
    import encodings.idna
    import encodings.utf_8_sig
    import tarfile
    import zipfile

    import idna.core
    import pyarrow.dataset

    import quetsach.api.findings
    import quetsach.api.fingerprints
    import quetsach.api.inventory
    import quetsach.api.letters
    import quetsach.api.lists
    import quetsach.api.pdf_signatures
    import quetsach.api.signing
    import quetsach.api.sweeps
    import quetsach.api.traces
    import quetsach.captures.json_documents
    import quetsach.formats.csv_documents
    import quetsach.formats.ecs_json
    import quetsach.formats.fortigate
    import quetsach.formats.suricata_eve
    import quetsach.formats.windows_events
    import quetsach.formats.zeek_json
    import quetsach.formats.zeek_tsv
    import quetsach.inventory.read
    import quetsach.letters.read
    import quetsach.sieve.kernel
    import quetsach.sweeping.fingerprinting
