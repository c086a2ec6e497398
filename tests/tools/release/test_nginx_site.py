"""The site for an nginx that serves others: what defines stands once, what sets in our servers."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.release.nginx_site import site
from tools.supply.parts import ROOT

WHOLE = (ROOT / "deploy/nginx/nginx.conf").read_text("utf-8")

# The level of http in nginx.conf of Debian 12's package, as it is installed.
DEBIANS = """\
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    access_log {folder}/access.log;
    gzip on;
    include {folder}/site;
}}
"""


def test_nothing_of_ours_is_set_for_the_other_sites_of_the_machine() -> None:
    outside = re.sub(r"^\S.*\{\n(?:(?:    .*)?\n)*?\}$", "", site(WHOLE), flags=re.MULTILINE)
    names = {line.split()[0] for line in outside.splitlines() if re.match("[a-z]", line)}
    assert names == {"log_format", "limit_req_zone", "limit_conn_zone", "proxy_cache_path"}


def test_each_server_writes_the_log_with_cut_addresses_and_packs_nothing() -> None:
    servers = re.findall(r"^server \{\n(.*?)^\}$", site(WHOLE), flags=re.MULTILINE | re.DOTALL)
    assert len(servers) == WHOLE.count("    server {\n")
    for server in servers:
        assert "    access_log /var/log/nginx/quetsach.log cut;\n" in server
        assert "    gzip off;\n" in server
        assert len(re.findall("^    client_body_timeout ", server, flags=re.MULTILINE)) == 1


def test_every_line_of_a_server_of_the_whole_configuration_is_there() -> None:
    made = [line.strip() for line in site(WHOLE).splitlines()]
    begin = WHOLE.index("    server {\n")
    for line in WHOLE[begin:].removesuffix("}\n").splitlines():
        assert line.strip() in made or line.lstrip().startswith("# ----")


def test_nginx_takes_it_inside_debians_own_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if nginx is None:
        pytest.skip("no nginx here")
    for name in ("public", "portal"):
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"),
                *("ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}"),
                *("-keyout", tmp_path / f"{name}.key", "-out", tmp_path / f"{name}.pem"),
            ],
            check=True,
            capture_output=True,
        )
    text = site(WHOLE).replace("/etc/quetsach/tls", str(tmp_path))
    text = text.replace("/var/log/nginx", str(tmp_path)).replace("/var/lib/nginx", str(tmp_path))
    (tmp_path / "site").write_text(text, "utf-8")
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(DEBIANS.format(folder=tmp_path), "utf-8")
    ended = subprocess.run([nginx, "-t", "-c", configuration], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
