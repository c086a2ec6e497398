"""Take the pictures of docs/pictures anew: `python -m tools.pictures [FOLDER]`, with Chromium.

The pages are those of a fresh demo, which is made in FOLDER (out/pictures if not given) and removed
at the end. It takes some minutes.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs/pictures"
CHROMIUM = "/usr/bin/chromium"
QUETSACH = str(Path(sys.executable).parent / "quetsach")

COLOURS = 128
"""Of a picture: pages have few, and a picture of few is small."""

_ANSWERS_WITHIN_S = 120.0
_SETTLED_MS = 800


@dataclass(frozen=True)
class Shot:
    """A picture of a page: who sees it, where it is, how large it is taken."""

    name: str
    login: str
    path: str
    width: int
    height: int


SHOTS = (
    Shot("portal-today", "dm.tc17@tracu.example", "/", 1280, 960),
    Shot("portal-trace", "tonghop@tracu.example", "TRACE", 1200, 1120),
)
"""TRACE: where the demo says that its third number comes from."""

REPORT = Shot("report", "", "report.html", 900, 1050)


def free_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def load_demo(home: Path, environment: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Load the demo into the empty `home`; return each login's password, and TRACE."""
    for words in (["migrate", "--verbosity", "0"], ["demo"]):
        ended = subprocess.run(
            [QUETSACH, "manage", *words],
            env=dict(environment),
            capture_output=True,
            text=True,
            check=True,
        )
    trace = re.search(r"(/reports/from/\S+)", ended.stdout)
    assert trace is not None, ended.stdout
    rows = (home / "demo-passwords.txt").read_text("utf-8").splitlines()
    return dict(row.split("\t")[:2] for row in rows if "@" in row), trace[1]


@contextmanager
def portal(environment: Mapping[str, str], port: int) -> Iterator[str]:
    """Serve the portal, and yield its address once it answers."""
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [QUETSACH, "serve", "--port", str(port)],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _ANSWERS_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/account/login/", timeout=10):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the portal did not answer")


def sign_in(page: Any, address: str, login: str, password: str) -> None:
    """Sign in at the portal."""
    page.goto(f"{address}/account/login/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def take(page: Any, address: str, name: str) -> Path:
    """Take a picture of what the window shows of `address`; return the file."""
    page.goto(address)
    page.wait_for_timeout(_SETTLED_MS)
    file = PICTURES / f"{name}.png"
    page.screenshot(path=str(file))
    with Image.open(file) as taken:
        few = taken.convert("RGB").quantize(COLOURS)
    few.save(file, optimize=True)
    return file


def sweep_demo(folder: Path) -> Path:
    """Sweep the demo district; return the page of the report, in Vietnamese."""
    demo, findings = folder / "demo", folder / "findings"
    subprocess.run([QUETSACH, "demo", "--out", str(demo)], check=True, capture_output=True)
    tables = [
        ("--inventory", "machines.csv"),
        ("--plan", "units.csv"),
        ("--sources", "sources.toml"),
    ]
    options = [word for option, name in tables for word in (option, str(demo / name))]
    subprocess.run(
        [QUETSACH, "--lang", "vi", "sweep", "evidence", "-i", "indicators", *options],
        cwd=demo,
        check=False,  # 3: the demo has a damaged file.
        capture_output=True,
    )
    return findings / REPORT.path


def main(arguments: Sequence[str]) -> int:
    """Take all pictures; return the exit code."""
    folder = Path(arguments[0] if arguments else ROOT / "out/pictures").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home, port = folder / "home", free_port()
    environment = {
        **os.environ,
        "LANG": "vi_VN.UTF-8",
        "QUETSACH_HOME": str(home),
        "QUETSACH_SECOND_FACTOR": "off",
        "QUETSACH_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": "",
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": REPORT.width, "height": REPORT.height})
        files = [take(page, sweep_demo(folder).as_uri(), REPORT.name)]
        passwords, trace = load_demo(home, environment)
        with portal(environment, port) as address:
            for shot in SHOTS:
                page = browser.new_page(viewport={"width": shot.width, "height": shot.height})
                sign_in(page, address, shot.login, passwords[shot.login])
                path = trace if shot.path == "TRACE" else shot.path
                files.append(take(page, address + path, shot.name))
        browser.close()
    shutil.rmtree(folder)
    for file in files:
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
