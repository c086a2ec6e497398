"""Run the demo portal on live traffic: `python tools/live_demo.py HOME PORT PUBLIC_PORT MAIL_PORT`.

Beside the portal run, until Ctrl-C: a mail server that keeps what comes and shows it on a page, the
made-up traffic of one office (`quetsach demo-live`), and the same `quetsach watch run` that a
district starts, which follows that office's logs and feeds the portal. Nothing leaves this machine.
"""

import html
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

QUETSACH = str(Path(sys.executable).parent / "quetsach")
KEPT = 200
_PORTAL_WITHIN_S = 120
_END_WITHIN_S = 25
_STAGES = {
    "en": ("packages", "tables", "demo", "start"),
    "vi": ("gói phần mềm", "bảng dữ liệu", "dữ liệu mẫu", "khởi động"),
}
_ADDRESSES = {
    "en": """
== The portal answers: http://127.0.0.1:{port}
   Public page:        http://127.0.0.1:{public_port}
   Mails of the demo:  http://127.0.0.1:{mail_port}
   Names and passwords: {home}/demo-passwords.txt. Ctrl-C ends all of it.""",
    "vi": """
== Cổng đã sẵn sàng:   http://127.0.0.1:{port}
   Trang công khai:    http://127.0.0.1:{public_port}
   Thư của bản chạy thử: http://127.0.0.1:{mail_port}
   Tên và mật khẩu: {home}/demo-passwords.txt. Nhấn Ctrl-C để dừng tất cả.""",
}
_TOOK = {
    "en": "   {total} s from the command to the first page: {stages}",
    "vi": "   {total} giây từ lúc gõ lệnh đến trang đầu tiên: {stages}",
}
NEXT = {
    "en": """== Within two minutes two machines are printed here, and each opens a case; planted
   names come back. See it as dm.tc03@tracu.example on the pages Monitoring, Devices and cases,
   Evidence › Planted names. The same demo again, as you left it:
   {again}""",
    "vi": """== Trong vòng hai phút, hai máy hiện ra ở đây và mỗi máy mở một vụ việc; các tên miền
   thử cũng có hồi âm. Xem bằng tài khoản dm.tc03@tracu.example, các trang Giám sát, Thiết bị và
   vụ việc, Chứng cứ › Tên miền thử. Để chạy lại chính bản này, như lúc bạn dừng:
   {again}""",
}
GOES_ON = {
    "en": """== Its traffic goes on. Machines that were printed before are not printed again: their
   cases stand on the page Devices and cases of dm.tc03@tracu.example. Once more, as you left it:
   {again}""",
    "vi": """== Lưu lượng chạy tiếp. Máy đã báo ở lần chạy trước thì không báo lại; vụ việc của
   các máy đó ở trang Thiết bị và vụ việc của dm.tc03@tracu.example. Để chạy lại như lúc bạn dừng:
   {again}""",
}


_ENDING = {
    "en": "\n== Stopping the portal and what runs beside it.",
    "vi": "\n== Đang dừng cổng và các chương trình chạy cùng.",
}


@dataclass(frozen=True)
class KeptMail:
    """A mail that came: when, to whom, what it says."""

    at: str
    to: str
    subject: str
    text: str


@dataclass
class MailSink:
    """Keeps the newest mails, and gives them as a page."""

    mails: deque[KeptMail] = field(default_factory=lambda: deque(maxlen=KEPT))

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail (called by aiosmtpd)."""
        message = message_from_bytes(envelope.content, policy=default)
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        at = time.strftime("%H:%M:%S")
        self.mails.append(KeptMail(at, ", ".join(envelope.rcpt_tos), str(message["subject"]), text))
        return "250 OK"

    def page(self) -> str:
        """Return the page: the newest mail first, its links to be clicked."""
        mails = "".join(
            f"<section><h2>{html.escape(mail.subject)}</h2>"
            f"<p>{mail.at} → {html.escape(mail.to)}</p>"
            f"<pre>{_with_links(mail.text)}</pre></section>"
            for mail in reversed(self.mails)
        )
        return (
            '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Hộp thư thử</title>'
            '<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" '
            'content="5"><style>body{font:16px/1.5 sans-serif;max-width:45rem;margin:auto;'
            "padding:1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}"
            "section{border-top:1px solid #999}h2{font-size:1.1rem}</style>"
            "<h1>Hộp thư thử của bản chạy thử</h1><p>Máy chủ thư này chỉ nhận thư của bản chạy "
            "thử trên máy này và không gửi đi đâu.</p>"
            + (mails or "<p>Chưa có thư nào.</p>")
            + "</html>"
        )


def _with_links(text: str) -> str:
    lines = html.escape(text).splitlines()
    return "\n".join(
        f'<a href="{line}">{line}</a>' if line.startswith("http://127.0.0.1:") else line
        for line in lines
    )


def serve_mails(sink: MailSink, port: int) -> ThreadingHTTPServer:
    """Serve the page of `sink` on the loopback, in a thread of its own."""

    class MailPage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = sink.page().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_words: object) -> None:
            """Say nothing of each request."""

    server = ThreadingHTTPServer(("127.0.0.1", port), MailPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def free_port(kind: socket.SocketKind) -> int:
    """Return a port of the loopback that is free now."""
    with socket.socket(socket.AF_INET, kind) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def commands(home: Path, port: int, syslog: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the commands of the traffic and of the watch, as a district would type them."""
    live = home / "live"
    planted = home / "live-planted"
    names = planted.read_text().split() if planted.exists() else []
    traffic = [QUETSACH, "demo-live", "--out", str(live), "--syslog", syslog]
    traffic += [word for name in names for word in ("--planted", name)]
    watch = [QUETSACH, "watch", "run", str(live / "suricata/eve.json"), "--listen", syslog]
    watch += ["--portal", f"http://127.0.0.1:{port}", "--token-file", str(home / "live-token")]
    watch += ["--state", str(home / "live-state")]
    return traffic, watch


def wait_for(address: str, beside: subprocess.Popen[bytes]) -> bool:
    """Return whether `address` answers before `beside` ends, within two minutes."""
    end = time.monotonic() + _PORTAL_WITHIN_S
    while time.monotonic() < end and beside.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.5)
    return False


def stages_text(stages: str, now: float, language: str) -> str:
    """Return what each stage of `make run` took; "" where its times are not known.

    Shapes: `stages` are the seconds of the clock at which it began, the packages were there, the
    tables, the demo: "1,2,3,4".
    """
    try:
        times = [*map(float, stages.split(",")), now]
    except ValueError:
        return ""
    took = [f"{after - before:.0f}" for before, after in pairwise(times)]
    if len(took) != len(_STAGES[language]):
        return ""
    named = ", ".join(map(" ".join, zip(_STAGES[language], took, strict=True)))
    return _TOOK[language].format(total=f"{now - times[0]:.0f}", stages=named)


def next_text(home: Path, language: str) -> str:
    """Return what to look at next: of a fresh demo, or of one whose watch has printed before."""
    words = GOES_ON if (home / "live-state").exists() else NEXT
    return words[language].format(again=_again())


def main(home: Path, port: int, public_port: int, mail_port: int) -> int:
    """Run all of it until the portal ends or somebody stops it; return the portal's exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    language = "vi" if os.environ.get("SPEAKS") == "vi" else "en"
    smtp, syslog = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    sink = MailSink()
    serve_mails(sink, mail_port)
    server = Controller(sink, hostname="127.0.0.1", port=smtp)
    server.start()
    env = os.environ | {"QUETSACH_SMTP_HOST": "127.0.0.1", "QUETSACH_SMTP_PORT": str(smtp)}
    serve = [QUETSACH, "serve", "--port", str(port), "--public-port", str(public_port)]
    # Each in a group of its own: Ctrl-C comes to this process, which ends them in their order.
    portal = subprocess.Popen(serve, env=env, start_new_session=True)
    running = [portal]
    with own_terminal():
        try:
            if wait_for(f"http://127.0.0.1:{port}/", portal):
                places = {"port": port, "public_port": public_port, "mail_port": mail_port}
                print(_ADDRESSES[language].format(home=home, **places))
                took = stages_text(os.environ.get("QUETSACH_STAGES", ""), time.time(), language)
                print(took, flush=True)
                # Before the watch starts, which makes its folder.
                look_at = next_text(home, language)
                for command in commands(home, port, f"udp://127.0.0.1:{syslog}")[::-1]:
                    print("   $", " ".join(command), flush=True)
                    # What the traffic says of itself is for who starts the watch by hand.
                    says = subprocess.DEVNULL if "demo-live" in command else None
                    running.append(
                        subprocess.Popen(command, env=env, start_new_session=True, stdout=says)
                    )
                print(look_at, flush=True)
            return portal.wait()
        except KeyboardInterrupt:
            print(_ENDING[language], flush=True)
            return 0
        finally:
            # Who presses it twice waits all the same: nothing is left behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for process in reversed(running):
                _end(process)
            server.stop()


@contextmanager
def own_terminal() -> Iterator[None]:
    """Let Ctrl-C come to this process alone, where it stands in the foreground of a terminal.

    `make run` would come to hear it too, and call the end of the demo an error.
    """
    if not sys.stdin.isatty() or os.getsid(0) == os.getpid() or not _is_in_front():
        yield
        return
    before = os.getpgrp()
    # Ctrl-Z would stop this process and leave make waiting; to take the terminal is no offence.
    for number in (signal.SIGTTOU, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(sys.stdin.fileno(), os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(sys.stdin.fileno(), before)


def _is_in_front() -> bool:
    return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()


def _again() -> str:
    """Return the command that runs the same demo again."""
    names = ("HOME", "SECOND_FACTOR", "URL", "PUBLIC_PROXIES")
    kept = {f"QUETSACH_{name}": os.environ.get(f"QUETSACH_{name}", "") for name in names}
    kept["DATABASE_URL"] = os.environ.get("DATABASE_URL", "")
    kept["SPEAKS"] = os.environ.get("SPEAKS", "")
    words = [f"{name}={shlex.quote(value)}" for name, value in kept.items()]
    return " ".join((*words, ".venv/bin/python", *map(shlex.quote, sys.argv)))


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        # SIGINT is ignored by whatever was started in the background.
        process.terminate()
        try:
            process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:])))
