"""Real firewalls, proxies and sensors load what is written for them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from quetsach.blocklists.choose import identity
from quetsach.blocklists.contract import Mode
from quetsach.blocklists.convert import ConvertedRelease
from quetsach.blocklists.folder import PreviousRelease
from tests.blocklists.making import indicators, make, mixed, program


def _namespace(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a network of its own, so that this machine's firewall is left alone."""
    unshare = program("unshare", "util-linux")
    return subprocess.run([unshare, "-rn", *command], capture_output=True, text=True)


def _need_namespace() -> None:
    if _namespace("true").returncode != 0:
        pytest.skip("no network namespaces are permitted here: NOT loaded by the real program")


def _written(files: dict[str, str], folder: Path) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder / next(iter(files))


def _nft(*steps: str) -> subprocess.CompletedProcess[str]:
    nft = program("nft", "nftables")
    _need_namespace()
    script = " && ".join(step.replace("nft", nft, 1) for step in steps)
    done = _namespace("sh", "-c", script)
    if "Operation not permitted" in done.stderr or "not supported" in done.stderr:
        pytest.skip(f"nft may not run here: {done.stderr[:200]}: NOT loaded by the real program")
    return done


@pytest.mark.parametrize("mode", list(Mode))
def test_nft_loads_the_table_twice_and_undoes_it(mode: Mode, tmp_path: Path) -> None:
    made = make("nftables", mixed(), mode)
    path = _written({**made.files, **made.undo}, tmp_path)
    done = _nft(
        f"nft -c -f {path}",
        f"nft -f {path}",
        f"nft -f {path}",
        "nft -j list ruleset",
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["nftables"]
    sets = {one["set"]["name"]: one["set"].get("elem", []) for one in found if "set" in one}
    assert {str(one["elem"]["val"]) for one in sets["addresses4"]} == {
        "203.0.113.77",
        made.about.test_address,
    }
    assert len(sets["networks4"]) == 1, "198.51.100.64/26 lies in 198.51.100.0/25"
    assert all(len(sets[name]) == 1 for name in ("addresses6", "networks6", "ports4", "ports6"))
    lifetimes = {one["elem"]["timeout"] for one in sets["addresses4"]}
    assert lifetimes == {30 * 86400}
    verdict = "drop" if mode is Mode.BLOCK else "accept"
    rules = [one["rule"]["expr"] for one in found if "rule" in one]
    logging = [expr for expr in rules if "log" in expr[-1]]
    deciding = [expr for expr in rules if verdict in expr[-1]]
    assert len(logging) == len(deciding) == 16
    assert all(any("counter" in part for part in expr) for expr in deciding)
    assert all(any("limit" in part for part in expr) for expr in logging)
    undone = _nft(
        f"nft -f {path}",
        f"nft -f {tmp_path}/undo.nft",
        f"nft -f {tmp_path}/undo.nft",
        "nft list ruleset",
    )
    assert (undone.returncode, undone.stdout) == (0, ""), undone.stderr


def _next(old: ConvertedRelease, form: str, *values: str) -> ConvertedRelease:
    held = {identity(one.indicator): one for one in old.written}
    previous = PreviousRelease(
        held, old.about.serial, old.about.list_id, (form, "watch", "quetsach")
    )
    return make(form, indicators(*values), previous=previous)


def test_nft_goes_from_release_to_release_by_the_difference(tmp_path: Path) -> None:
    old = make("nftables", indicators("203.0.113.77", "203.0.113.78:443", "198.51.100.0/25"))
    new = _next(old, "nftables", "203.0.113.77", "203.0.113.79", "2001:db8::1")
    first = _written(dict(old.files), tmp_path)
    delta = _written(dict(new.delta), tmp_path)
    # Twice: what is gone already must not stop the rest.
    done = _nft(f"nft -f {first}", f"nft -f {delta}", f"nft -f {delta}", "nft list ruleset")
    assert done.returncode == 0, done.stderr
    for came in ("203.0.113.77", "203.0.113.79", "2001:db8::1", new.about.test_address):
        assert came in done.stdout
    assert "203.0.113.78" not in done.stdout
    assert "198.51.100.0/25" not in done.stdout


def _ipset(*steps: str) -> subprocess.CompletedProcess[str]:
    ipset = program("ipset", "ipset")
    _need_namespace()
    if _namespace(ipset, "create", "probe", "hash:net").returncode != 0:
        pytest.skip("this kernel gives no ipset here: NOT loaded by the real program")
    return _namespace("sh", "-c", " && ".join(step.replace("ipset", ipset, 1) for step in steps))


def test_ipset_loads_the_sets_twice_follows_the_difference_and_undoes_them(tmp_path: Path) -> None:
    made = make("ipset", mixed())
    path = _written({**made.files, **made.undo}, tmp_path)
    done = _ipset(f"ipset restore -f {path}", f"ipset restore -f {path}", "ipset save")
    assert done.returncode == 0, done.stderr
    members = [line.split()[1:3] for line in done.stdout.splitlines() if line.startswith("add ")]
    assert ["quetsach-4", "198.51.100.0/25"] in members
    assert ["quetsach-p4", "203.0.113.78,tcp:443"] in members
    assert ["quetsach-p6", "2001:db8::2,udp:8443"] in members
    assert len(members) == 3 + 1 + 2 + 2 + 2
    new = _next(made, "ipset", "203.0.113.77", "203.0.113.99")
    delta = _written(dict(new.delta), tmp_path)
    changed = _ipset(
        f"ipset restore -f {path}",
        f"ipset restore -f {delta}",
        "ipset save",
        f"ipset restore -f {tmp_path}/undo.ipset",
    )
    assert changed.returncode == 0, changed.stderr
    assert "203.0.113.99" in changed.stdout
    assert "198.51.100.0/25" not in changed.stdout


def test_no_name_of_a_set_is_longer_than_ipset_takes() -> None:
    made = make("ipset", mixed(), name="a" * 24)
    words = made.files[f"{'a' * 24}.ipset"].split()
    assert max(len(word) for word in words if word.startswith("aaa")) <= 31


@pytest.mark.parametrize("mode", list(Mode))
def test_squid_parses_the_access_lists_without_a_complaint(mode: Mode, tmp_path: Path) -> None:
    squid = program("squid", "squid")
    made = make(
        "squid",
        (*mixed(), *indicators("https://[2001:db8::9]:8080/a", "http://203.0.113.9/x(1)?b=[2]$")),
        mode,
    )
    path = _written(dict(made.files), tmp_path)
    config = tmp_path / "squid.conf"
    config.write_text(
        f"http_port 127.0.0.1:3999\ncoredump_dir {tmp_path}\npid_filename {tmp_path}/pid\n"
        f"cache_log {tmp_path}/cache.log\naccess_log none\n"
        f"include {path}\nhttp_access allow all\n"
    )
    done = subprocess.run([squid, "-k", "parse", "-f", config], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    complaints = [line for line in done.stderr.splitlines() if "WARNING" in line or "ERROR" in line]
    assert complaints == []


def test_suricata_loads_rules_datasets_and_reputation(tmp_path: Path) -> None:
    suricata = shutil.which("suricata")
    if suricata is None:
        pytest.skip(
            "suricata is not installed (no package in Debian 12): NOT loaded by the real one"
        )
    for form in ("suricata-rules", "suricata-dataset"):
        folder = tmp_path / form
        folder.mkdir()
        made = make(form, mixed())
        _written(dict(made.files), folder)
        (rules,) = folder.glob("*.rules")
        done = subprocess.run(
            [suricata, "-T", "-S", rules, "-l", folder], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_scripts_are_shell_by_the_word_of_the_shell(tmp_path: Path) -> None:
    for form in ("ipset", "hosts"):
        made = make(form, mixed())
        scripts = {**made.files, **made.undo}
        for name, text in scripts.items():
            if name.endswith(".sh"):
                checked = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True)
                assert (checked.returncode, checked.stderr) == (0, ""), name


def test_the_script_takes_our_lines_out_of_a_hosts_file_and_nothing_else(tmp_path: Path) -> None:
    made = make("hosts", indicators("bad.example"))
    other = make("hosts", indicators("other.example"), name="quetsach-2")
    hosts = tmp_path / "hosts"
    before = "127.0.0.1 localhost\n10.0.0.5 printer # BEGIN quetsach\n"
    after = "# the end of it\n"
    (text,), (kept,) = made.files.values(), other.files.values()
    hosts.write_text(before + kept + text + after)
    for _ in range(2):
        undone = subprocess.run(
            ["sh", "-s", hosts], input=made.undo["undo-hosts.sh"], capture_output=True, text=True
        )
        assert undone.returncode == 0, undone.stderr
        assert hosts.read_text() == before + kept + after
