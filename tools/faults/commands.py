"""The commands that are tried, each with what is typed; and those that are not, with the reason.

Held against the tree of commands by tests/tools/faults/test_commands.py: a new command is tried or
has its reason here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_LIST = ("-i", "in/list.txt")
_ZONE = ("--zone", "Asia/Ho_Chi_Minh")
_AT = "2026-12-01T08:00:00+07:00"
_AV_KEY = ("--key", "in/av.key.pem", "--cert", "in/av.pem")
_P12 = ("--key", "in/key.p12", "--passphrase-file", "in/word")
_SLIP_KEYS = ("--keys", "in/keys.json", "--issuer", "https://quetsach.example/")


@dataclass(frozen=True)
class TriedCommand:
    """What is typed behind `quetsach`, from the folder of the world.

    Shapes: `needs` are the parts of the world that it reads or changes; `varying` are regular
    expressions of files that differ from run to run; `grows` says that each run adds a folder of
    its own to those before, so that a failed one may leave a whole one; `readers` read what it
    keeps.
    """

    words: tuple[str, ...]
    needs: tuple[str, ...]
    varying: tuple[str, ...] = ()
    grows: bool = False
    readers: tuple[tuple[str, ...], ...] = ()


COMMANDS: Mapping[str, TriedCommand] = {
    "sweep": TriedCommand(
        ("sweep", "in/logs", *_LIST, *_ZONE, "--leases", "in/leases.csv", "-o", "out/findings"),
        ("logs", "list.txt", "leases.csv"),
    ),
    "sweep (captures)": TriedCommand(
        ("sweep", "in/packed", *_LIST, *_ZONE, "-o", "out/findings"),
        ("packed", "list.txt"),
    ),
    "sweep (fingerprints, signed)": TriedCommand(
        (
            *("sweep", "in/logs", *_LIST, *_ZONE, "-o", "out/findings", "--sign", "in/so.key.pem"),
            *("--fingerprint-unit", "VP", "--fingerprint-keys", "in/print-keys"),
            *("--fingerprints", "in/prints", "--sha256"),
        ),
        ("logs", "list.txt", "so.key.pem", "print-keys", "prints"),
        varying=("out/findings/manifest.json", "report.html"),
    ),
    "watch run": TriedCommand(
        (*("watch", "run", "in/logs", *_LIST, *_ZONE, "--state", "out/state", "--once"),),
        ("logs", "list.txt"),
        varying=("out/state/.*",),
    ),
    "watch status": TriedCommand(("watch", "status", "--state", "in/state"), ("state",)),
    "watch check": TriedCommand(
        ("watch", "check", "in/logs", *_LIST, "--state", "in/state"), ("logs", "list.txt", "state")
    ),
    "trace": TriedCommand(
        (
            *("trace", "in/notice.csv", "-e", "in/nat", "--public", "198.51.100.0/24"),
            *(*_ZONE, "-o", "out/traces"),
        ),
        ("notice.csv", "nat"),
        varying=("out/traces/traces.json",),
    ),
    "who": TriedCommand(
        (
            *("who", "10.2.0.1", "2026-11-30T08:00:00+07:00", "-e", "in/logs", *_ZONE),
            *("--leases", "in/leases.csv"),
        ),
        ("logs", "leases.csv"),
    ),
    "answer-slip": TriedCommand(
        (
            *("answer-slip", "{slip.txt}", *_SLIP_KEYS, "--notices", "in/notice.csv"),
            *("-e", "in/nat", "--public", "198.51.100.0/24", "--asker", "100.64.3.41"),
        ),
        ("keys.json", "notice.csv", "nat", "slip.txt"),
    ),
    "why": TriedCommand(
        ("why", "in/findings", "{sighting.txt}"), ("findings", "logs", "sighting.txt")
    ),
    "verdict": TriedCommand(
        ("verdict", "in/findings", "--handled", "in/handled.csv", "--as-of", "2026-12-10"),
        ("findings", "handled.csv"),
    ),
    "ledger": TriedCommand(("ledger", "in/findings"), ("findings",)),
    "fingerprints forget": TriedCommand(
        ("fingerprints", "forget", "2026-11", "--keys", "in/print-keys"), ("print-keys",)
    ),
    "fingerprints remove": TriedCommand(
        ("fingerprints", "remove", "in/prints", "--before", "2027-01-01"), ("prints",)
    ),
    "export": TriedCommand(
        ("export", "in/findings", "--to", "csv", "--with-machines", "-o", "out/sightings.csv"),
        ("findings",),
    ),
    "export (stdout)": TriedCommand(
        ("export", "in/findings", "--to", "ndjson", "--quiet"), ("findings",)
    ),
    "push": TriedCommand(
        (
            *(
                "push",
                "in/findings",
                "https://192.0.2.1/",
                "--to",
                "misp",
                "--dry-run",
                "--as",
                "Sở",
            ),
            *("--ledgers", "out/ledgers"),
        ),
        ("findings",),
    ),
    "report fill": TriedCommand(
        ("report", "in/findings", "--form", "phu-luc-2022", "--unit", "Xã A", "-o", "out/papers"),
        ("findings",),
    ),
    "report verify": TriedCommand(("report", "verify", "in/report.proof"), ("report.proof",)),
    "report page": TriedCommand(
        ("report", "page", "in/findings", "--for", "public", "-o", "out/page.html"), ("findings",)
    ),
    "report sign": TriedCommand(
        ("report", "sign", "in/a.pdf", *_P12, "-o", "out/signed.pdf"),
        ("a.pdf", "key.p12", "word"),
        varying=("out/signed.pdf",),
    ),
    "report verify-pdf": TriedCommand(
        ("report", "verify-pdf", "in/signed.pdf", "--root", "in/ca.pem"), ("signed.pdf", "ca.pem")
    ),
    "card": TriedCommand(("card", "in/findings", "-o", "out/cards"), ("findings",)),
    "indicators check": TriedCommand(
        ("indicators", "check", "in/list.txt", "in/more.csv"), ("list.txt", "more.csv")
    ),
    "indicators take-in": TriedCommand(
        ("indicators", "take-in", "in/event.json", "-o", "out/more.jsonl"),
        ("event.json",),
        varying=("out/more.jsonl",),
    ),
    "indicators decide": TriedCommand(
        (
            *("indicators", "decide", "bad.example", "--drop", "--reason", "a page", "--by", "VP"),
            *("--until", "2030-01-01", "--decisions", "in/decisions.jsonl"),
        ),
        ("decisions.jsonl", "list.txt"),
        varying=("in/decisions.jsonl",),
        readers=(("indicators", "check", "in/list.txt", "--decisions", "in/decisions.jsonl"),),
    ),
    "indicators release": TriedCommand(
        (
            *("indicators", "release", "in/list.txt", "in/more.csv", "--store", "in/store"),
            *("--created", _AT),
        ),
        ("list.txt", "more.csv", "store"),
        grows=True,
        readers=(("indicators", "diff", "in/store", "in/store"),),
    ),
    "indicators release (new store)": TriedCommand(
        ("indicators", "release", "in/list.txt", "--store", "out/store", "--created", _AT),
        ("list.txt",),
        grows=True,
    ),
    "indicators diff": TriedCommand(
        ("indicators", "diff", "in/list.txt", "in/more.csv"), ("list.txt", "more.csv")
    ),
    "indicators try": TriedCommand(
        ("indicators", "try", "in/list.txt", "-e", "in/logs", *_ZONE), ("logs", "list.txt")
    ),
    "indicators would-hit": TriedCommand(
        (
            *("indicators", "would-hit", "in/list.txt", "--fingerprints", "in/prints"),
            *("--keys", "in/print-keys"),
        ),
        ("list.txt", "prints", "print-keys"),
    ),
    "indicators withdrawn": TriedCommand(
        ("indicators", "withdrawn", "in/findings", "--release", "in/store"), ("findings", "store")
    ),
    "indicators convert": TriedCommand(
        (
            *("indicators", "convert", "in/list.txt", "--to", "rpz", "-o", "out/rpz"),
            *("--at", _AT, "--serial", "7"),
        ),
        ("list.txt",),
        varying=("out/rpz/.*",),
    ),
    "indicators compile": TriedCommand(
        ("indicators", "compile", "in/list.txt", "-o", "out/list.compiled"), ("list.txt",)
    ),
    "indicators columns": TriedCommand(
        ("indicators", "columns", "in/more.csv", "--save", "out.toml"), ("more.csv",)
    ),
    "indicators fetch": TriedCommand(
        (
            *("indicators", "fetch", "{address}", "-o", "out/list.json"),
            *("--user", "unit", "--password-file", "in/word"),
        ),
        ("word",),
    ),
    "indicators key": TriedCommand(
        ("indicators", "key", "unit", "-o", "out", "--owner", "Sở"), (), varying=("pem$",)
    ),
    "indicators sign": TriedCommand(
        ("indicators", "sign", "in/release.jsonl", "--key", "in/other.key.pem", "--at", _AT),
        ("release.jsonl", "other.key.pem"),
        readers=(("indicators", "check", "in/release.jsonl"),),
    ),
    "indicators sign (findings)": TriedCommand(
        ("indicators", "sign", "in/findings", "--key", "in/so.key.pem", "--at", _AT),
        ("findings", "so.key.pem"),
        readers=(("verdict", "in/findings"),),
    ),
    "indicators verify": TriedCommand(
        ("indicators", "verify", "in/release.jsonl", "--key", "in/so.pub.pem"),
        ("release.jsonl", "so.pub.pem"),
    ),
    "indicators sheet": TriedCommand(
        ("indicators", "sheet", "in/release.jsonl", "-o", "out/sheet.pdf"), ("release.jsonl",)
    ),
    "sensors push": TriedCommand(
        ("sensors", "push", "in/sensors.toml", *_LIST), ("sensors.toml", "list.txt")
    ),
    "letter answer": TriedCommand(
        (
            *("letter", "answer", "in/holder.txt", "-e", "in/logs"),
            "--unit",
            "UBND",
            "-o",
            "out/answer",
        ),
        ("holder.txt", "logs"),
        varying=(r"out/answer/.*\.pdf",),
    ),
    "letter read": TriedCommand(("letter", "read", "in/letter.txt"), ("letter.txt",)),
    "avreport export": TriedCommand(
        (
            *("avreport", "export", "in/findings", "--organ", "in/organ.toml"),
            *("-o", "out/m.xml", *_AV_KEY),
        ),
        ("findings", "organ.toml", "av.key.pem", "av.pem"),
        varying=("out/m.xml$",),
    ),
    "avreport read": TriedCommand(
        ("avreport", "read", "in/m.xml", "--trust", "in/av.pem"), ("m.xml", "av.pem")
    ),
    "exam new": TriedCommand(
        (
            *("exam", "new", "-o", "out/exam", "--machines", "in/office/machines.csv"),
            *("--name", "exam.example", "--from", "2026-11-16T00:30", "--to", "2026-11-17T23:00"),
            *("--server", "203.0.113.80", "--each", "1"),
        ),
        ("office/machines.csv",),
        varying=("out/exam/.*",),
    ),
    "exam grade": TriedCommand(
        (
            *("exam", "grade", "in/office/exam", "in/office/logs"),
            *("--inventory", "in/office/machines.csv", "--public", "198.51.100.5"),
            *("--server-log", "in/office/server.csv"),
        ),
        ("office",),
        grows=True,
    ),
    "planted key": TriedCommand(
        ("planted", "key", "out/planted.key", "--place", "VP"), (), varying=("planted.key$",)
    ),
    "planted names": TriedCommand(
        (
            *("planted", "names", "--key-file", "in/planted.key", "--from", "2026-12-01"),
            *("--days", "3", "-o", "out/places"),
        ),
        ("planted.key",),
    ),
    "verify-tool": TriedCommand(
        (
            *("verify-tool", "in/scanner.exe", "--catalogue", "in/tools.json"),
            *("--key", "in/tools.pub.pem"),
        ),
        ("scanner.exe", "tools.json", "tools.json.sig", "tools.pub.pem"),
    ),
    "demo": TriedCommand(("demo", "--out", "out/demo", "--size", "small"), ()),
}

LEFT_OUT: Mapping[str, str] = {
    "report verify-acts": "reads two files that a portal writes, and writes nothing",
    "watch top": "shows a screen until a key is pressed; reads what `watch status` reads",
    "watch flush": "asks a watch that runs, and writes one number into its state",
    "blocklist prove": "asks a resolver over the network and writes nothing",
    "formats": "reads no file and writes none",
    "config show": "reads the files of settings and writes nothing",
    "config check": "reads the files of settings and writes nothing",
    "config path": "reads no file and writes none",
    "completion": "reads no file and writes none",
    "serve": "the portal: its acts are tried apart",
    "manage": "the portal: its acts are tried apart",
    "demo-live": "writes made-up traffic until it is stopped",
    "doctor": "looks at the machine and writes nothing",
    "selftest": "runs `demo` and `sweep`, which are tried, in a folder of its own",
}
