"""A PostgreSQL server of one's own, which is started, stopped and restarted as a trial needs it.

It lives in a temporary folder and listens on a socket there, on no port. PostgreSQL refuses to run
as root; Debian's package brings the user postgres.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_FOLDERS = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/pgsql-*/bin")


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, None where PostgreSQL is missing."""
    places = [
        place
        for pattern in _FOLDERS
        for place in sorted(Path("/").glob(pattern.lstrip("/")))
        if (place / "initdb").exists()
    ]
    on_path = shutil.which("initdb")
    return places[-1] if places else Path(on_path).parent if on_path else None


@dataclass(frozen=True)
class PostgresServer:
    """A server; `url` is what DATABASE_URL has to be."""

    folder: Path
    programs: Path

    @property
    def url(self) -> str:
        """Return its address."""
        return f"postgresql://quetsach@/postgres?host={self.folder}"

    def start(self, **settings: str | int) -> None:
        """Start it with `settings` of postgresql.conf. Errors: CalledProcessError."""
        given = {"listen_addresses": "''", "unix_socket_directories": f"'{self.folder}'"} | settings
        words = " ".join(f"-c {name}={value}" for name, value in given.items())
        self._run("pg_ctl", "-D", "data", "-l", "log", "-w", "-o", words, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: "fast" ends all its connections, "immediate" is as if it were killed."""
        self._run("pg_ctl", "-D", "data", "-m", how, "-w", "stop")

    def ask(self, statement: str) -> str:
        """Return what psql prints for `statement`."""
        words = ["-h", str(self.folder), "-U", "quetsach", "-d", "postgres", "-qAtc", statement]
        return self._run("psql", *words).strip()

    def _run(self, program: str, *words: str) -> str:
        command = [str(self.programs / program), *words]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        ended = subprocess.run(
            command, cwd=self.folder, check=True, stdout=subprocess.PIPE, text=True, timeout=120
        )
        return ended.stdout


@contextmanager
def postgres_server(
    settings: Mapping[str, str | int] | None = None, folder: Path | None = None
) -> Iterator[PostgresServer]:
    """Start a new server with `settings`; it ends with the block, and its folder goes.

    Errors: FileNotFoundError where PostgreSQL is missing.
    """
    where = programs()
    if where is None:
        raise FileNotFoundError("PostgreSQL is not here (Debian: apt-get install postgresql)")
    place = Path(tempfile.mkdtemp(prefix="quetsach-pg.", dir=folder))
    server = PostgresServer(place, where)
    try:
        if os.getuid() == 0:
            shutil.chown(place, "postgres")
        place.chmod(0o755)
        words = ["-U", "quetsach", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        server._run("initdb", "-D", "data", *words)
        server.start(**(settings or {}))
        yield server
    finally:
        if (place / "data" / "postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(place, ignore_errors=True)
