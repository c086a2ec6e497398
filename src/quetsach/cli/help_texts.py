"""What `--help` teaches: options in groups, worked examples, and the page of `quetsach` alone."""

from collections.abc import Mapping

import click

from quetsach.cli.help_pages import more_on
from quetsach.errors.catalogue import N_
from quetsach.texts import _

FEW = 9
"""So many options stand in one list."""

GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        N_("What is looked for"),
        frozenset(
            (
                *("lists", "allow", "decisions", "accept_doubtful", "accept_private", "columns"),
                *("since", "until", "planted", "planted_key", "take", "belt", "policy", "mode"),
            )
        ),
    ),
    (
        N_("Your logs and your network"),
        frozenset(
            (
                *("evidence", "leases", "nat", "inventory", "plan", "public", "overrides"),
                *("inside", "zone", "sources", "exam", "ranges", "prefixes", "router", "listen"),
                *("dnstap", "spool_limit", "spool_days", "units", "earlier", "server_log"),
            )
        ),
    ),
    (
        N_("The answer and its files"),
        frozenset(
            (
                *("out", "as_json", "quiet", "mask_persons", "sign", "passphrase_file", "seal"),
                *("sha256", "fingerprints", "fingerprint_unit", "fingerprint_keys", "steps"),
                *("commands", "webhooks", "with_machines", "audience", "save", "html", "form"),
            )
        ),
    ),
    (
        N_("Server"),
        frozenset(
            (
                *("portal", "kind", "key_file", "token_file", "node", "ca_file"),
                *("cert_file", "cert_key_file"),
            )
        ),
    ),
)
"""The groups of long lists of options, by the names of their parameters; others stand last."""

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "sweep": (
        "quetsach sweep logs/ -i list.txt",
        "quetsach sweep logs/ -i lists/ --leases dhcpd.leases -o findings",
        "zcat fw.log.gz | quetsach sweep - -i list.txt --json",
    ),
    "watch run": (
        "quetsach watch run /var/log/suricata/eve.json -i list.txt",
        "quetsach watch run --listen udp://10.0.0.5:514 -i list.txt --json",
    ),
    "watch status": ("quetsach watch status", "quetsach watch status --json"),
    "watch top": ("quetsach watch top",),
    "watch flush": ("quetsach watch flush",),
    "watch check": ("quetsach watch check /var/log/suricata/eve.json -i list.txt",),
    "trace": (
        "quetsach trace notices.csv -e logs/ --public 203.0.113.0/24",
        "quetsach trace - -e logs/ --nat nat.log --json < notices.csv",
    ),
    "who": (
        "quetsach who 10.1.4.23 2026-09-14T08:15:30+07:00 -e logs/",
        "quetsach who - -e logs/ --leases dhcpd.leases --json < questions.txt",
    ),
    "answer-slip": (
        "quetsach answer-slip slip.txt --keys keys.json "
        "--issuer https://portal.example/ --notices notices.csv -e logs/",
    ),
    "why": ("quetsach why findings 3f2a90c1",),
    "verdict": (
        "quetsach verdict findings",
        "quetsach verdict before after --handled handled.csv --as-of 2026-12-10",
    ),
    "ledger": ("quetsach ledger findings-1 findings-2",),
    "fingerprints forget": ("quetsach fingerprints forget 2026-11 --keys print-keys",),
    "fingerprints remove": ("quetsach fingerprints remove prints --before 2026-01-01",),
    "export": (
        "quetsach export findings --to csv -o sightings.csv",
        "quetsach export findings --to ndjson | jq .",
    ),
    "push": (
        "quetsach push findings https://misp.example --to misp --as 'So A' --key-file misp.key "
        "--dry-run",
        "quetsach push findings tls://siem.example:6514 --to syslog",
    ),
    "report fill": ('quetsach report findings --form phu-luc-2022 --unit "UBND xã A"',),
    "report verify": ("quetsach report verify report.proof", "quetsach report verify - < r.proof"),
    "report verify-acts": ("quetsach report verify-acts report.proof --anchors anchors.jsonl",),
    "report page": ("quetsach report page findings --for public -o page.html",),
    "report sign": ("quetsach report sign a.pdf --key clerk.p12 -o a-signed.pdf",),
    "report verify-pdf": ("quetsach report verify-pdf a-signed.pdf --root ca.pem",),
    "card": ("quetsach card findings -o cards", "quetsach card findings --html -o cards"),
    "indicators check": (
        "quetsach indicators check list.txt more.csv",
        "quetsach indicators check - --json < list.txt",
    ),
    "indicators take-in": ("quetsach indicators take-in event.json -o rows.jsonl",),
    "indicators decide": (
        'quetsach indicators decide cdn.example --drop --reason "a shared CDN" '
        "--until 2027-01-01 --decisions decisions.jsonl",
    ),
    "indicators release": ("quetsach indicators release list.txt --store releases",),
    "indicators diff": ("quetsach indicators diff old.txt new.txt",),
    "indicators try": ("quetsach indicators try list.txt -e logs/",),
    "indicators would-hit": (
        "quetsach indicators would-hit list.txt --fingerprints prints --keys print-keys",
    ),
    "indicators withdrawn": ("quetsach indicators withdrawn findings --release releases",),
    "indicators convert": (
        "quetsach indicators convert list.txt --to rpz -o rpz.zone",
        "quetsach indicators convert - --to plain -o - < list.csv",
    ),
    "indicators compile": ("quetsach indicators compile list.txt -o list.compiled",),
    "indicators columns": ("quetsach indicators columns list.xlsx --save columns.toml",),
    "indicators fetch": ("quetsach indicators fetch https://misp.example/ -o event.json",),
    "indicators key": ("quetsach indicators key office -o keys --passphrase",),
    "indicators sign": ("quetsach indicators sign release.jsonl --key office.key.pem",),
    "indicators verify": ("quetsach indicators verify release.jsonl --key office.pub.pem",),
    "indicators sheet": ("quetsach indicators sheet release.jsonl -o sheet.pdf",),
    "sensors push": ("quetsach sensors push sensors.toml -i list.txt",),
    "letter answer": (
        "quetsach letter answer request.docx -e logs/ --public 203.0.113.0/28 "
        '--unit "UBND xã A" -o answer',
    ),
    "letter read": ("quetsach letter read letter.pdf", "quetsach letter read - --json < a.docx"),
    "avreport export": ("quetsach avreport export findings --organ organ.toml -o m.xml",),
    "avreport read": ("quetsach avreport read m.xml --trust ca.pem",),
    "exam new": (
        "quetsach exam new --machines machines.csv --name exam.example "
        "--from 2026-11-16T00:30 --to 2026-11-17T23:00 -o exam",
    ),
    "exam grade": ("quetsach exam grade exam logs/ --leases dhcpd.leases",),
    "planted key": ("quetsach planted key planted.key --place office",),
    "planted names": ("quetsach planted names --key-file planted.key --days 7",),
    "blocklist prove": ("quetsach blocklist prove --resolver 10.0.0.53 --release release.jsonl",),
    "verify-tool": ("quetsach verify-tool scanner.exe --catalogue tools.json --key tools.pub.pem",),
    "formats": ("quetsach formats", "quetsach formats --json"),
    "config show": ("quetsach config show", "quetsach config show --portal --json"),
    "config check": ("quetsach config check", "quetsach config check --portal"),
    "config path": ("quetsach config path",),
    "completion": ("quetsach completion bash",),
    "serve": ("quetsach serve", "quetsach serve --port 8000 --public-port 8001"),
    "demo": ("quetsach demo --out district",),
    "demo-live": ("quetsach demo-live --out live --minutes 5",),
    "doctor": ("quetsach doctor", "quetsach doctor --json"),
    "selftest": ("quetsach selftest",),
}
"""Worked examples of each command; a test parses each."""

FIRST_STEPS: tuple[tuple[str, str], ...] = (
    ("quetsach demo --out D", N_("write a made-up district to try it on")),
    ("quetsach sweep D/evidence -i D/indicators", N_("find its infected machines")),
    ("quetsach sweep LOGS -i LIST", N_("the same with your own logs and list")),
    ("quetsach who ADDRESS TIME -e LOGS", N_("which machine held an address")),
    ("quetsach serve", N_("start the portal for a campaign")),
    ("quetsach doctor", N_("check what this machine provides")),
)


def write_options(
    command: click.Command, context: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write the options of a command, a long list in groups."""
    records = [
        (option.name or "", record)
        for option in command.get_params(context)
        if isinstance(option, click.Option)
        and (record := option.get_help_record(context)) is not None
    ]
    rest = dict(records)
    if len(records) > FEW:
        for title, names in GROUPS:
            rows = [record for name, record in records if name in names]
            if rows:
                with formatter.section(_(title)):
                    formatter.write_dl(rows)
                rest = {name: record for name, record in rest.items() if name not in names}
    if rest:
        with formatter.section(_("Options")):
            formatter.write_dl(list(rest.values()))


def write_examples(context: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the examples of a command, where the options of every command stand, and its page."""
    path = context.command_path.partition(" ")[2]
    examples = EXAMPLES.get(path, ())
    if examples:
        with formatter.section(_("Examples")):
            for line in examples:
                formatter.write(f"{' ' * formatter.current_indent}{folded(line)}\n")
    formatter.write_paragraph()
    formatter.write_text(
        _("Also: --lang, --config, --color, --no-pager, -v, -q; quetsach --help explains them.")
    )
    formatter.write_text(more_on(path.partition(" ")[0]))


def folded(line: str) -> str:
    """Return a command line on lines of at most 76 columns, each but the last ending in a slash."""
    lines = [""]
    for word in line.split(" "):
        if len(lines[-1]) + len(word) > 68:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return " \\\n      ".join(lines)


def short_help(version: str) -> str:
    """Return what `quetsach` alone prints."""
    width = max(len(line) for line, _text in FIRST_STEPS)
    return "\n".join(
        (
            f"quetsach {version}: "
            + _("find the machines that talk to malicious addresses, and prove them clean"),
            "",
            *(f"  {line:<{width}}  {_(text)}" for line, text in FIRST_STEPS),
            "",
            _("All commands: quetsach --help. One of them: quetsach help sweep"),
        )
    )
