"""The public page's file of settings, which is not the portal's."""

from pathlib import Path

import pytest

from quetsach_public.settings import KEYS, settings
from quetsach_public.settings_file import FILE_VARIABLE, LONGEST_FILE, variables_of_file


def read(path: Path, text: str) -> dict[str, str]:
    path.write_text(text)
    return variables_of_file({FILE_VARIABLE: str(path)}, KEYS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "public.toml"


def test_it_says_the_same_as_variables(path: Path) -> None:
    text = 'home = "h"\nproxies = ["127.0.0.1", "::1"]\nalone = true\nworkers = 3\nthreads = 4\n'
    assert read(path, text) == {
        "QUETSACH_PUBLIC_HOME": str(path.parent / "h"),
        "QUETSACH_PUBLIC_PROXIES": "127.0.0.1,::1",
        "QUETSACH_PUBLIC_ALONE": "1",
        "QUETSACH_PUBLIC_WORKERS": "3",
        "QUETSACH_PUBLIC_THREADS": "4",
    }
    assert read(path, "alone = false\npush = 'mailto:a@b.example'\n") == {
        "QUETSACH_PUBLIC_ALONE": "",
        "QUETSACH_PUBLIC_PUSH": "mailto:a@b.example",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\nworker = 1\n", ":2: there is no setting worker. Did you mean workers?"),
        ("[smtp]\nhost = 'a'\n", ":1: there is no setting smtp."),
        ("workers = '1'\n", ":1: workers is a number"),
        ("workers = true\n", ":1: workers is a number"),
        ("workers = -1\n", ":1: workers is a number"),
        ("alone = 1\n", ":1: alone is a true/false"),
        ("proxies = '::1'\n", ":1: proxies is a list of texts"),
        ("home = ['a']\n", ":1: home is a path"),
        ("home =\n", "line 1"),
        ("#" * (LONGEST_FILE + 1), "is longer than"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str, path: Path) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        read(path, text)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


def test_an_empty_name_is_no_file_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    assert variables_of_file({FILE_VARIABLE: ""}, KEYS) == {}
    with pytest.raises(OSError, match="none"):
        variables_of_file({FILE_VARIABLE: str(tmp_path / "none.toml")}, KEYS)


def test_a_variable_goes_before_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("workers = 3\nthreads = 5\n")
    monkeypatch.setenv(FILE_VARIABLE, str(path))
    monkeypatch.setenv("QUETSACH_PUBLIC_WORKERS", "1")
    monkeypatch.delenv("QUETSACH_PUBLIC_THREADS", raising=False)
    assert (settings().workers, settings().threads) == (1, 5)


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o666, 0o755), (0o644, 0o777)])
def test_a_file_that_others_could_change_is_refused(
    file_mode: int, folder_mode: int, path: Path
) -> None:
    path.write_text("workers = 3\n")
    path.chmod(file_mode)
    path.parent.chmod(folder_mode)
    with pytest.raises(ValueError, match="others on this machine could change"):
        variables_of_file({FILE_VARIABLE: str(path)}, KEYS)
    path.chmod(0o644)
    path.parent.chmod(0o755)
    assert variables_of_file({FILE_VARIABLE: str(path)}, KEYS)
