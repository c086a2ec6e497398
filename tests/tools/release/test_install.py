"""install.sh of the offline release, with a tiny release: what it refuses leaves nothing behind."""

import os
import pty
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from quetsach import __version__
from quetsach.signing.keys import generate_key_pair, public_pem
from tools.release.check_release import digest_of
from tools.release.offline import CHECKER, SHIPPED, write_sums

KEY = generate_key_pair("office")
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PROGRAM = 'import sys\n\ndef main():\n    print("quetsach 0", *sys.argv[1:])\n'

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the release is for Linux")


def wheel(folder: Path, name: str, files: dict[str, str], scripts: str = "") -> Path:
    """Write a wheel with these files."""
    target = folder / f"{name}-0-py3-none-any.whl"
    info = f"{name}-0.dist-info"
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **({f"{info}/entry_points.txt": scripts} if scripts else {}),
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(target, "w") as packed:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            packed.writestr(path, text)
    return target


def pip_wheel(folder: Path) -> None:
    """Pack the pip of this environment, which installs the tiny release as the real one does."""
    files = metadata.files("pip") or []
    with zipfile.ZipFile(folder / "pip-0-py3-none-any.whl", "w") as packed:
        for file in files:
            if file.suffix in (".py", ".pem", ".json", "") or "dist-info" in str(file):
                place = Path(str(file.locate()))
                if ".." not in file.parts and "__pycache__" not in file.parts and place.is_file():
                    packed.write(place, str(file))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / f"quetsach-offline-{__version__}"
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    own = wheel(
        wheels, "quetsach", {"tiny.py": PROGRAM}, "[console_scripts]\nquetsach = tiny:main\n"
    )
    pip_wheel(wheels)
    (folder / "share/man/man1").mkdir(parents=True)
    (folder / "share/man/man1/quetsach.1").write_text(".TH\n")
    for name, text in {
        "requirements.txt": f"quetsach==0 --hash=sha256:{digest_of(own)}",
        "VERSION": "0",
        "PYTHONS": RUNNING,
        "MACHINE": subprocess.check_output(
            [
                sys.executable,
                "-c",
                "import platform, sys; print(sys.platform, platform.machine(),"
                " platform.libc_ver()[0] or '-', end='')",
            ],
            text=True,
        ),
        "KILOBYTES": "20000",
    }.items():
        (folder / name).write_text(f"{text}\n")
    shutil.copy(SHIPPED / "offline/install.sh", folder)
    shutil.copy(CHECKER, folder)
    write_sums(folder, KEY)
    return folder


@pytest.fixture
def release(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / made.name))


BY_KEY = ("--key-number", KEY.public.key_id)


def install(
    release: Path, *words: str, lang: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(release.parent), "LANG": lang, **more}
    return subprocess.run(
        ["sh", str(release / "install.sh"), "--python", sys.executable, *words],
        env=environment,
        cwd=release.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def test_it_installs_tries_and_removes_and_speaks_vietnamese(release: Path) -> None:
    target = release.parent / "place with blanks"
    # What an office has set for other programs reaches neither Python nor pip.
    ended = install(
        *(release, "--to", str(target), *BY_KEY),
        PYTHONPATH="/nowhere",
        PIP_INDEX_URL="http://192.0.2.1/",
    )
    assert ended.returncode == 0, ended.stderr
    assert "1/4 Tìm Python" in ended.stdout
    assert "quetsach 0 --lang vi --version" in ended.stdout
    assert KEY.public.key_id in ended.stdout
    assert (target / "share/man/man1/quetsach.1").is_file()
    again = install(release, "--to", str(target), lang="en_US.UTF-8")
    assert again.returncode == 0, again.stderr
    assert "1/4 Looking for Python" in again.stdout
    assert [path.name for path in release.parent.iterdir() if "before" in path.name] == []
    removed = install(release, "--uninstall", "--to", str(target))
    assert removed.returncode == 0
    assert not target.exists()


def test_a_changed_byte_is_refused_and_nothing_is_there(release: Path) -> None:
    own = release / "wheels/quetsach-0-py3-none-any.whl"
    own.write_bytes(own.read_bytes().replace(b"quetsach 0", b"quetsach 1"))
    ended = install(release, "--to", "there", *BY_KEY)
    assert ended.returncode == 2
    assert "wheels/quetsach-0-py3-none-any.whl: nội dung khác" in ended.stderr
    assert not (release.parent / "there").exists()


def test_a_release_of_another_key_is_refused(release: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pub.pem"
    other.write_bytes(public_pem(generate_key_pair("other").public))
    ended = install(release, "--to", "there", "--key", str(other), lang="en")
    assert ended.returncode == 2
    assert "not by the key that was named" in ended.stderr
    assert not (release.parent / "there").exists()
    assert install(release, "--check", "--key-number", KEY.public.key_id).returncode == 0
    assert not (release.parent / "quetsach").exists()


def test_a_folder_of_others_is_neither_written_nor_removed(release: Path) -> None:
    target = release.parent / "documents"
    target.mkdir()
    (target / "letter.txt").write_text("theirs")
    for words in (("--to", str(target), *BY_KEY), ("--uninstall", "--to", str(target))):
        ended = install(release, *words)
        assert ended.returncode == 2
        assert "documents" in ended.stderr
    assert [path.name for path in target.iterdir()] == ["letter.txt"]


def test_a_failed_upgrade_leaves_the_version_of_before(release: Path) -> None:
    target = release.parent / "there"
    assert install(release, "--to", str(target), *BY_KEY).returncode == 0
    (target / "share/kept").write_text("of before")
    digest = digest_of(release / "wheels/quetsach-0-py3-none-any.whl")
    listed = release / "requirements.txt"
    listed.write_text(listed.read_text().replace(digest, "0" * 64))
    write_sums(release, KEY)
    ended = install(release, "--to", str(target))
    assert ended.returncode == 2
    assert "trở lại như cũ" in ended.stderr
    assert (target / "share/kept").read_text() == "of before"


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("PYTHONS", "3.1", "không phải Python 3.1"),
        ("MACHINE", "linux s390x glibc", "máy này là: linux"),
        ("KILOBYTES", "99999999999", "cần"),
    ],
)
def test_what_does_not_fit_this_machine_is_told_before(
    release: Path, file: str, content: str, said: str
) -> None:
    (release / file).write_text(f"{content}\n")
    write_sums(release, KEY)
    ended = install(release, "--to", "there", *BY_KEY)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert not (release.parent / "there").exists()


def test_options_that_are_not_there_are_named(release: Path) -> None:
    for words in (("--toes",), ("--to",)):
        ended = install(release, *words)
        assert ended.returncode == 2
        assert words[0] in ended.stderr
    assert "Gỡ bỏ" in install(release, "--help").stdout


def test_an_upgrade_and_a_removal_spare_what_somebody_put_there(release: Path) -> None:
    target = release.parent / "there"
    assert install(release, "--to", str(target), *BY_KEY).returncode == 0
    (target / "findings").mkdir()
    (target / "findings/report.html").write_text("theirs")
    for words in ((), ("--uninstall",)):
        ended = install(release, *words, "--to", str(target), lang="en")
        assert ended.returncode == 2
        assert "move them elsewhere first: findings" in ended.stderr
    assert (target / "findings/report.html").read_text() == "theirs"


def test_an_upgrade_by_another_key_must_name_it(release: Path) -> None:
    target = release.parent / "there"
    assert install(release, "--to", str(target), *BY_KEY).returncode == 0
    other = generate_key_pair("other")
    write_sums(release, other)
    ended = install(release, "--to", str(target), lang="en")
    assert ended.returncode == 2
    assert KEY.public.key_id in ended.stdout
    assert f"signed by key {other.public.key_id}" in ended.stderr
    named = install(release, "--to", str(target), "--key-number", other.public.key_id)
    assert named.returncode == 0, named.stderr
    assert (target / ".quetsach-key").read_text() == f"{other.public.key_id}\n"


def test_without_a_key_nothing_is_installed(release: Path) -> None:
    for words in ((), ("--key-number", ""), ("--key", "")):
        ended = install(release, "--to", "there", *words, lang="en")
        assert ended.returncode == 2, words
        assert "--key" in ended.stderr
    assert not (release.parent / "there").exists()
    assert install(release, "--check").returncode == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("yes", "that is no number of a key"),
        ("0" * 16, "not by the key that was named"),
        (f" {KEY.public.key_id[:8].upper()} {KEY.public.key_id[8:]}", "Installed."),
    ],
    ids=["a word", "another key", "its number"],
)
def test_on_a_terminal_the_number_is_typed(release: Path, typed: str, said: str) -> None:
    terminal, its_side = pty.openpty()
    os.write(terminal, f"{typed}\n".encode())
    words = ["sh", str(release / "install.sh"), "--python", sys.executable, "--to", "there"]
    run = subprocess.run(
        words,
        env={"PATH": os.environ["PATH"], "HOME": str(release.parent), "LANG": "en"},
        cwd=release.parent,
        stdin=its_side,
        capture_output=True,
        text=True,
    )
    os.close(terminal)
    os.close(its_side)
    assert said in run.stdout + run.stderr
    # What is to be typed from paper stands nowhere on the screen before.
    assert KEY.public.key_id not in run.stdout.partition("Type the number")[0]
    assert (release.parent / "there").exists() is (said == "Installed.")
