"""A watch over a few files, on a clock of its own, asked what it found."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from quetsach.scanning.job import WorkerTools
from quetsach.sweeping.own_network import OwnNetwork
from quetsach.watch.keeping import sightings_in
from quetsach.watch.state import Stream, WatchState
from quetsach.watch.watching import Watch, WatchRound
from tests.scanning.generated import indicators
from tests.scanning.scanning import tools_for

NAME = "bad.example"


def tools() -> WorkerTools:
    """Return the tools that look for NAME and others."""
    return tools_for(indicators())


def eve(number: int, name: str = NAME, client: str = "10.1.2.3") -> bytes:
    """Return a question of Suricata's log; each number is another line."""
    return (
        f'{{"timestamp":"2026-11-30T08:{number // 60 % 60:02}:{number % 60:02}.{number:06}+0700",'
        f'"event_type":"dns","src_ip":"{client}","src_port":53000,"dest_ip":"10.1.0.53",'
        f'"dest_port":53,"proto":"UDP","dns":{{"type":"query","rrname":"{name}","rrtype":"A"}}}}\n'
    ).encode()


@dataclass
class Watched:
    """A watch over `paths`, its state in `folder`; `now_s` moves on a second and a half a round."""

    folder: Path
    paths: list[Path]
    tools: WorkerTools
    now_s: float = 1_796_000_000.0
    rounds: list[WatchRound] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start it."""
        self.start()

    def start(self) -> None:
        """Start it anew on what it remembers."""
        self.state = WatchState(self.folder)
        names = [str(path) for path in self.paths]
        self.watch = Watch(self.state, names, self.tools, OwnNetwork(), lambda: self.now_s)

    def stop(self) -> None:
        """End it."""
        self.watch.close()
        self.state.close()

    def go(self, rounds: int = 3, *, wait_s: float = 1.5, to_end: bool = False) -> WatchRound:
        """Return the last of some rounds."""
        for _ in range(rounds):
            self.now_s += wait_s
            self.rounds.append(self.watch.round(to_end=to_end))
        return self.rounds[-1]

    def write(self, path: Path, text: bytes, *, anew: bool = False) -> None:
        """Write `text` to the end of a file, or in the place of what it holds, as of this time."""
        with path.open("wb" if anew else "ab") as file:
            file.write(text)
        os.utime(path, (self.now_s, self.now_s))

    def clients(self) -> list[str]:
        """Return the client of each sighting, in the order in which they were kept."""
        return [
            client
            for batch in sightings_in(self.state)
            for client in batch.column("source.ip").to_pylist()
        ]

    def streams(self) -> list[Stream]:
        """Return what it remembers of each text."""
        return self.state.streams()

    def problems(self) -> list[tuple[str, str]]:
        """Return code and place of each problem that was counted."""
        return [(code, path) for code, path in self.state.run("SELECT code, path FROM problem")]


def lines(first: int, last: int) -> bytes:
    """Return the questions of some numbers, each of a client of its own."""
    return b"".join(eve(number, client=client(number)) for number in range(first, last))


def client(number: int) -> str:
    """Return the client of a line."""
    return f"10.2.{number // 250}.{number % 250 + 1}"


def clients(first: int, last: int) -> list[str]:
    """Return the clients of some lines."""
    return [client(number) for number in range(first, last)]
