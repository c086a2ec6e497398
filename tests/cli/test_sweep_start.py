"""What a small sweep loads: it starts in a third of a second as long as this list only falls."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from quetsach.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print("MODULES", *sorted(sys.modules), sep="\\n")
"""
LOG = (
    "#separator \\x09\n#fields\tts\tid.orig_h\tid.resp_h\tquery\n"
    + "1788225322.1\t10.20.3.41\t10.20.0.2\tbad.example\n" * 100
)
NEVER = (
    *("numpy", "pandas", "cryptography", "lxml", "duckdb", "evtx", "docx", "PIL", "django"),
    *(
        "idna",
        "statistics",
        "multiprocessing",
        "concurrent",
        "subprocess",
        "sqlite3",
        "urllib.request",
    ),
    *("ssl", "pydoc", "pyarrow.acero", "pyarrow.dataset", "pyarrow._s3fs"),
    *("xml", "csv.reader", "email", "http", "pyspark", "pymispwarninglists", "quetsach_portal"),
    *("quetsach.api.lists", "quetsach.api.trials", "quetsach.api.signing", "quetsach.blocklists"),
    *("quetsach.captures.pcap", "quetsach.captures.tables", "quetsach.captures.sqlite_logs"),
    *("quetsach.containers.zip", "quetsach.containers.tar", "quetsach.containers.seven_zip"),
    *(
        "quetsach.demo",
        "quetsach.documents",
        "quetsach.exams",
        "quetsach.forms",
        "quetsach.letters",
    ),
    *("quetsach.indicators.check", "quetsach.indicators.fetch"),
    *(
        "quetsach.inventory.read",
        "quetsach.notices",
        "quetsach.readers.read",
        "quetsach.sandbox.run",
    ),
    *("quetsach.signing.signature", "quetsach.verdicts", "quetsach.sweeping.spark"),
    *("quetsach.formats.dialects.dialect", "quetsach.formats.dialects.shipped_dialects"),
)
"""With all that is below them."""
FORMATS = {"zeek_tsv", "zeek_fields", "port_blocks", "csv_documents", "mixed_log", "text"}
"""That of the log, and those that others share."""
LISTS = {"plain", "bulk_rows", "contract", "registry"}
MOST_OF_OURS = 236
"""With the five that look for settings in files, two that look for packages of others, two that
print the answer."""
MOST_IN_ALL = 482


def test_a_small_sweep_loads_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "dns.log").write_text(LOG)
    (tmp_path / "list.txt").write_text("bad.example\n192.0.2.9\n")
    words = ["sweep", str(tmp_path / "dns.log"), "-i", str(tmp_path / "list.txt")]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            SCRIPT,
            *words,
            "-o",
            str(tmp_path / "out"),
            "--lang",
            "en",
            "--quiet",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    loaded = done.stdout.partition("MODULES")[2].split()
    wrong = [one for one in loaded if any(one == no or one.startswith(f"{no}.") for no in NEVER)]
    assert wrong == []
    ours = [one for one in loaded if one.startswith("quetsach")]
    formats = {one.split(".")[2] for one in ours if one.startswith("quetsach.formats.")}
    shared = {"alike_keys", "form_needs"}
    shared |= {
        "contract",
        "registry",
        "loading",
        "coded_forms",
        "line_forms",
        "persons",
        "promises",
    }
    assert formats <= FORMATS | shared | {"shared", "dialects", "table_maps"}
    lists = {one.split(".")[3] for one in ours if one.startswith("quetsach.indicators.formats.")}
    assert lists <= LISTS
    assert len(ours) <= MOST_OF_OURS
    assert len(loaded) <= MOST_IN_ALL
