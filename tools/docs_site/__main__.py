"""Build the site in out/site or FOLDER, without a network: `python -m tools.docs_site [FOLDER]`."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.docs_site.checking import faults
from tools.docs_site.staging import stage

ROOT = Path(__file__).parents[2]
SITES = (("zensical.toml", "en", "."), ("zensical.vi.toml", "vi", "vi"))
"""Each language: its configuration, the folder of its pages, and where it lies in the site."""

SHIM = Path(__file__).with_name("worker_over_file.js")
FOREIGN_SHIM = "https://unpkg.com/iframe-worker/shim"
"""What the generator would load for the search where no server is; ours takes its place."""


def build(out: Path) -> list[str]:
    """Build the site of both languages in `out`, and return what is wrong with it."""
    pages = out.parent / f"{out.name}-pages"
    stage(ROOT, pages)
    shutil.rmtree(out, ignore_errors=True)
    for name, language, folder in SITES:
        shutil.copyfile(ROOT / name, pages / name)
        ended = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--strict", "-f", name],
            cwd=pages,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            return [f"{name} was not built:", ended.stdout + ended.stderr]
        shutil.copytree(pages / f"built-{language}", out / folder, dirs_exist_ok=True)
    _own_shim(out)
    return faults(out)


def _own_shim(out: Path) -> None:
    """Let the pages load our shim instead of the foreign one, from the folder of the site."""
    shutil.copyfile(SHIM, out / SHIM.name)
    for file in out.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        if FOREIGN_SHIM in text:
            up = "../" * len(file.relative_to(out).parents[:-1])
            file.write_text(text.replace(FOREIGN_SHIM, f"{up}{SHIM.name}"), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Build the site; return the exit code."""
    out = Path(arguments[0]) if arguments else ROOT / "out/site"
    wrong = build(out.resolve())
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        print(f"{out / 'index.html'}: {len(list(out.rglob('*.html')))} pages")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
