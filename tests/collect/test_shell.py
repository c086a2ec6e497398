"""The collector for Linux is run for real, and the engine reads what it packed."""

import json
import os
import shutil
import socket
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from quetsach.api import problems
from quetsach.api.why import why
from quetsach.evidence.archives import open_archives
from quetsach.evidence.find import find_evidence
from quetsach.findings.folder import read_folder
from quetsach.formats.registry import by_name
from quetsach.sweeping.collected_looks import looks_of
from tests.formats.golden import read
from tests.sweeping.evidence import swept, write

SCRIPT = Path(__file__).parents[2] / "collect/quetsach-collect.sh"
PRINTED = """#!/bin/sh
echo 'Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process'
echo 'tcp ESTAB 0 0 10.20.3.41:51544 203.0.113.77:443 users:(("x",pid=4312,fd=5))'
"""
IP = """#!/bin/sh
case "$*" in
*link*) echo '2: eth0@if5: <UP> mtu 1500 \\    link/ether 00:17:a4:b2:c3:d4 brd x' ;;
*addr*) echo '2: eth0    inet 10.20.3.41/24 brd 10.20.3.255 scope global eth0' ;;
*route*) echo '192.0.2.1 via 10.20.3.1 dev eth0 src 10.20.3.41 uid 0' ;;
*neigh*) echo '10.20.3.1 dev eth0 lladdr 00:17:a4:00:00:01 REACHABLE' ;;
esac
"""
TOOLS = (
    *("sh", "awk", "sed", "grep", "cut", "head", "tr", "wc", "cat", "cp", "mv", "rm", "mkdir"),
    *("mktemp", "date", "dirname", "id", "uname", "env", "tar", "gzip", "sha256sum"),
)


def collected(tmp_path: Path, **environment: str) -> Path:
    """Run the collector and return what it packed."""
    out = tmp_path / "thư mục kết quả"
    out.mkdir()
    done = subprocess.run(
        [environment.pop("shell", "sh"), str(SCRIPT), str(out)],
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    (packed,) = out.iterdir()
    assert str(packed).encode() in done.stdout
    return packed


def machine(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine whose network tools print a known state."""
    tools = tmp_path / "tools"
    for name, text in (("ss", PRINTED), ("ip", IP)):
        write(tools / name, text).chmod(0o755)
    write(tools / "hostname", "#!/bin/sh\necho may-chu-1\n").chmod(0o755)
    hosts = write(tmp_path / "hosts", "127.0.0.1 localhost\n203.0.113.77 bank.example\n")
    return {"PATH": f"{tools}:{os.environ['PATH']}", "QUETSACH_HOSTS": str(hosts)}


@pytest.mark.parametrize("shell", ["sh", "bash", "dash", "busybox"])
def test_a_contact_is_found_by_the_engine_with_its_machine(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    packed = collected(tmp_path, shell=shell, **machine(tmp_path))
    summary = swept(tmp_path, packed)
    assert summary["unread"] == []
    (device,) = read_folder(tmp_path / "findings").devices["devices"]
    because = [why(tmp_path / "findings", one) for one in device["samples"]]
    assert {one.sighting["quetsach.device.address"] for one in because} == {"10.20.3.41"}
    assert {one.sighting["host.name"] for one in because} == {"may-chu-1"}
    told = {one.raw_line for one in because}
    assert 'tcp ESTAB 0 0 10.20.3.41:51544 203.0.113.77:443 users:(("x",pid=4312,fd=5))' in told
    assert "203.0.113.77 bank.example" in told


def test_the_manifest_lists_every_file_and_names_the_machine(tmp_path: Path) -> None:
    packed = collected(tmp_path, **machine(tmp_path))
    with zipfile.ZipFile(packed) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        first = archive.read("connections.txt").split(b"\n")[0].decode()
    assert {one["name"] for one in manifest["files"]} | {"manifest.json"} == names
    assert manifest["tool"] == "quetsach-collect"
    assert manifest["host"] == "may-chu-1"
    assert manifest["failed"] == []
    assert " host=may-chu-1 mac=00-17-A4-B2-C3-D4 address=10.20.3.41 taken=20" in first


def test_a_changed_file_is_named_by_the_engine(tmp_path: Path) -> None:
    packed = collected(tmp_path, **machine(tmp_path))
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(packed) as archive, zipfile.ZipFile(changed, "w") as other:
        for name in archive.namelist():
            other.writestr(name, archive.read(name).replace(b"203.0.113.77", b"203.0.113.78"))
    summary = swept(tmp_path, changed)
    assert [one["code"] for one in summary["unread"]] == ["E115", "E115"]
    assert problems.exit_code(summary) == 3


def test_what_a_bare_machine_lacks_is_said_and_the_rest_is_taken(tmp_path: Path) -> None:
    tools = tmp_path / "bare"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(str(shutil.which(name)))
    # /usr/sbin is looked in as well, so `ip` may be there.
    packed = collected(tmp_path, PATH=str(tools))
    assert packed.name.endswith(".tar.gz")
    with tarfile.open(packed) as archive:
        name = next(one for one in archive.getnames() if one.endswith("/manifest.json"))
        manifest = json.load(archive.extractfile(name))  # type: ignore[arg-type]
    assert "connections.txt" in [one["name"] for one in manifest["failed"]]
    codes = {one["code"] for one in swept(tmp_path, packed)["unread"]}
    assert codes == {"E119"}


def test_passwords_of_a_proxy_are_not_taken(tmp_path: Path) -> None:
    told = {"https_proxy": "http://lan:bi-mat@proxy.example:3128"}
    packed = collected(tmp_path, **machine(tmp_path), **told)
    with zipfile.ZipFile(packed) as archive:
        proxy = archive.read("proxy.txt").decode()
        everything = b"".join(map(archive.read, archive.namelist()))
    assert "https_proxy=http://***@proxy.example:3128" in proxy
    assert b"bi-mat" not in everything


@pytest.mark.skipif(shutil.which("ss") is None, reason="ss is not installed here")
def test_a_true_connection_of_this_machine_is_in_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            packed = collected(tmp_path)
    with zipfile.ZipFile(packed) as archive:
        content = archive.read("connections.txt")
    events = [event for _, event in read(by_name("host-netstat"), content).events]
    assert port in [one.get("destination.port") for one in events]


RESOLVED = r"""#!/bin/sh
[ "$2" = show-cache ] || exit 1
printf 'Scope protocol=mdns family=AF_INET ifindex=2 ifname=eth0\nmay-in.local IN A 10.20.3.9\n\n'
printf 'Scope protocol=dns ifindex=2 ifname=eth0 DNSSEC=no DNSOverTLS=no\n'
printf 'bank.example IN A 203.0.113.77\nwww.good.example IN CNAME cdn.good.example\n'
printf '#at.bank.example IN A 203.0.113.79\n'
printf 'gone.example IN ANY NXDOMAIN\nwww.good.example IN AAAA NODATA\n'
printf 'good.example IN MX 10 mail.good.example\n\n'
"""
UNBOUND = r"""#!/bin/sh
[ "$1" = dump_cache ] || exit 1
printf 'START_RRSET_CACHE\n;rrset 600 1 0 5 0\nbank.example.\t600\tIN\tA\t203.0.113.77\n'
printf ';rrset 600 1 0 5 0\ngood.example.\t600\tIN\tNS\tns1.bad.example.\n'
printf ';rrset 600 1 0 5 0\nns1.bad.example.\t600\tIN\tA\t203.0.113.78\nEND_RRSET_CACHE\n'
printf 'START_MSG_CACHE\nmsg gone.example. IN A 33155 1 5 0 0 0 0\n'
printf 'msg bank.example. IN A 33152 1 600 0 1 0 0\nbank.example. IN A 0\nEND_MSG_CACHE\nEOF\n'
"""
DNSMASQ = r"""#!/bin/sh
case "$*" in *' _PID='[1-9]*) ;; *) exit 1 ;; esac
row() { printf '%-30.30s %-40.40s %-10s %s\n' "$@"; }
row Host Address Flags Expires
row bank.example 203.0.113.77 4F 'Mon Nov 30 13:37:05 2026'
row a-name-that-is-longer-than-what-fits.example 203.0.113.78 4F 'Mon Nov 30 13:37:05 2026'
row printer 10.20.3.9 '4FRI   H' ''
"""
LISTENS = "udp UNCONN 0 0 {}:53 0.0.0.0:*"


def with_resolver(tmp_path: Path, program: str, tool: str, text: str, at: str) -> dict[str, str]:
    """Return such a machine on which `program` runs, and `tool` prints `text`; it listens `at`."""
    environment = machine(tmp_path)
    tools = tmp_path / "tools"
    write(tools / tool, text).chmod(0o755)
    write(tools / "ss", f"{PRINTED}echo '{LISTENS.format(at)}'\n").chmod(0o755)
    write(tmp_path / "proc/4312/comm", f"{program}\n")
    return {**environment, "QUETSACH_PROC": str(tmp_path / "proc")}


def names_in(packed: Path) -> tuple[str, list[dict[str, object]]]:
    """Return the word about the cache, and what the engine reads of it."""
    with zipfile.ZipFile(packed) as archive:
        content = archive.read("dnscache.tsv")
    events = [event for _, event in read(by_name("host-dnscache"), content).events]
    assert all(one["host.name"] == "may-chu-1" and one["@timestamp"] for one in events)
    return content.split(b" cache=")[1].split()[0].decode(), events


def asked_in(events: list[dict[str, object]]) -> list[tuple[object, object, object]]:
    """Return each name with its code and its answers."""
    keys = ("dns.question.name", "dns.response_code", "dns.answers")
    return [(one.get(keys[0]), one.get(keys[1]), one.get(keys[2])) for one in events]


@pytest.mark.parametrize("shell", ["sh", "bash", "dash", "busybox"])
def test_the_names_that_systemd_resolved_keeps_are_read(shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    places = with_resolver(tmp_path, "systemd-resolve", "resolvectl", RESOLVED, "127.0.0.53%lo")
    cache, events = names_in(collected(tmp_path, shell=shell, **places))
    assert cache == "resolved"
    assert asked_in(events) == [
        ("bank.example", "NOERROR", ["203.0.113.77"]),
        ("www.good.example", "NOERROR", ["cdn.good.example"]),
        ("#at.bank.example", "NOERROR", ["203.0.113.79"]),
        ("gone.example", "NXDOMAIN", None),
        ("www.good.example", "NOERROR", None),
    ]


def test_the_names_that_unbound_keeps_are_read_but_not_those_it_asks_for_itself(
    tmp_path: Path,
) -> None:
    places = with_resolver(tmp_path, "unbound", "unbound-control", UNBOUND, "127.0.0.1")
    cache, events = names_in(collected(tmp_path, **places))
    assert cache == "unbound"
    assert asked_in(events) == [
        ("bank.example", "NOERROR", ["203.0.113.77"]),
        ("gone.example", "NXDOMAIN", None),
    ]


def test_the_names_that_dnsmasq_writes_into_its_log_are_read_unless_they_were_cut(
    tmp_path: Path,
) -> None:
    places = with_resolver(tmp_path, "nobody", "journalctl", DNSMASQ, "127.0.0.1")
    with subprocess.Popen(["sh", "-c", "trap '' USR1; echo here; sleep 60"], stdout=-1) as masq:
        assert masq.stdout is not None
        masq.stdout.readline()
        write(tmp_path / f"proc/{masq.pid}/comm", "dnsmasq\n")
        cache, events = names_in(collected(tmp_path, **places))
        masq.kill()
    assert cache == "dnsmasq"
    assert asked_in(events) == [("bank.example", "NOERROR", ["203.0.113.77"])]


@pytest.mark.parametrize(
    ("program", "text", "at", "cache"),
    [
        ("bash", RESOLVED, "127.0.0.1", "none"),
        ("nscd", RESOLVED, "127.0.0.1", "hidden"),
        ("systemd-resolve", "#!/bin/sh\necho Unknown command verb >&2\nexit 1", "[::1]", "hidden"),
        ("systemd-resolve", RESOLVED, "192.0.2.53", "shared"),
        ("systemd-resolve", RESOLVED, "0.0.0.0", "shared"),
        ("systemd-resolve", "#!/bin/sh\necho Permission denied >&2\nexit 1", "127.0.0.1", "root"),
    ],
)
def test_why_no_name_is_there_is_said_and_only_what_can_be_mended_is_a_failure(
    tmp_path: Path, program: str, text: str, at: str, cache: str
) -> None:
    packed = collected(tmp_path, **with_resolver(tmp_path, program, "resolvectl", text, at))
    assert names_in(packed) == (cache, [])
    with zipfile.ZipFile(packed) as archive:
        failed = json.loads(archive.read("manifest.json"))["failed"]
    assert [one["name"] for one in failed] == (["dnscache.tsv"] if cache == "root" else [])
    (look,) = looks_of(open_archives(find_evidence([str(packed)])[0], (), tmp_path / "spool")[0])
    assert (look.names, look.cache) == (0, cache)
