"""Real Unbound and BIND that a list can be pushed into, with their control channels."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from quetsach.blocklists.sensors.settings import SensorKind, SensorTarget
from tests.blocklists.making import program
from tests.blocklists.resolving import forward, free_port, running, unbound

ZONE = "rpz.local"
EMPTY = "$TTL 60\n@ IN SOA localhost. nobody.invalid. 1 3600 600 864000 60\n@ IN NS localhost.\n"
_KEY = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"


@contextmanager
def unbound_with_zone(folder: Path, truth: int) -> Iterator[tuple[SensorTarget, int, Path]]:
    """Run Unbound with an empty policy zone; return it as a sensor, its port, its log."""
    control = program("unbound-control", "unbound")
    port, zone = free_port(), folder / "quetsach.rpz"
    zone.write_text(EMPTY)
    rpz = (
        'module-config: "respip validator iterator"\nlog-queries: yes\n'
        f'rpz:\n name: {ZONE}\n zonefile: "{zone}"\n rpz-log: yes\n rpz-log-name: watch\n'
        "remote-control:\n control-enable: yes\n control-use-cert: no\n"
        f" control-interface: {folder}/control.sock\n"
    )
    command = unbound(folder, port, rpz + forward(truth))
    sensor = SensorTarget(
        "dns1", SensorKind.UNBOUND, zone, "rpz", ZONE, (control, "-c", command[-1])
    )
    with running(command, port):
        yield sensor, port, folder / f"unbound-{port}.log"


@contextmanager
def bind_with_zone(folder: Path) -> Iterator[tuple[SensorTarget, int, Path]]:
    """Run BIND, which knows the truth itself, with an empty policy zone."""
    named, control = program("named", "bind9"), program("rndc", "bind9-utils")
    port, control_port, zone = free_port(), free_port(), folder / "quetsach.rpz"
    zone.write_text(EMPTY)
    (folder / "truth.zone").write_text(f"{EMPTY}* IN A 198.51.100.9\n*.bad IN A 198.51.100.9\n")
    key = f'key k {{ algorithm hmac-sha256; secret "{_KEY}"; }};\n'
    (folder / "rndc.conf").write_text(
        f"{key}options {{ default-key k; default-server 127.0.0.1; "
        f"default-port {control_port}; }};\n"
    )
    (folder / "named.conf").write_text(
        f'options {{ directory "{folder}"; listen-on port {port} {{ 127.0.0.1; }}; '
        "listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion yes; "
        "dnssec-validation no; querylog yes; "
        f'response-policy {{ zone "{ZONE}" log yes; }} recursive-only no '
        "qname-wait-recurse no min-update-interval 0; };\n"
        'zone "test" { type primary; file "truth.zone"; };\n'
        'zone "example" { type primary; file "truth.zone"; };\n'
        f'zone "{ZONE}" {{ type primary; file "{zone}"; allow-query {{ none; }}; }};\n'
        f"{key}controls {{ inet 127.0.0.1 port {control_port} allow {{ 127.0.0.1; }} "
        "keys { k; }; };\n"
        'logging { channel seen { file "named.log"; print-time yes; print-category yes; '
        "severity info; }; category queries { seen; }; category rpz { seen; }; "
        "category default { seen; }; };\n"
    )
    subprocess.run([program("named-checkconf", "bind9-utils"), folder / "named.conf"], check=True)
    sensor = SensorTarget(
        "dns2", SensorKind.BIND, zone, "rpz", ZONE, (control, "-c", str(folder / "rndc.conf"))
    )
    with running([named, "-f", "-c", str(folder / "named.conf")], port):
        yield sensor, port, folder / "named.log"
