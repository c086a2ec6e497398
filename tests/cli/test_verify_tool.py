"""`quetsach verify-tool` in plain words, by exit code, and as JSON."""

import json
from pathlib import Path

from tests.api.test_tools import Made, made, secret
from tests.cli.running import quetsach_here

__all__ = ["made", "secret"]


def test_it_says_what_the_file_is(made: Made, tmp_path: Path) -> None:
    words = ["verify-tool", str(made.file), "--catalogue", str(made.catalogue)]
    run = quetsach_here("--lang", "en", *words, "--key", str(made.key), cwd=tmp_path)
    assert run.returncode == 0
    assert "Máy quét Sen 4.2 by Hãng Sen" in run.stdout.decode()
    # It was signed years ago.
    assert "a newer one is made each week" in run.stdout.decode()
    told = json.loads(quetsach_here(*words, "--json", cwd=tmp_path).stdout)
    assert (told["exit_code"], told["tool"]["file"]) == (3, "sen-scanner-setup.exe")
    assert (told["serial"], told["is_withdrawn"], told["is_over"]) == (3, False, False)
    made.file.write_bytes(b"MZ gone")
    run = quetsach_here("--lang", "vi", *words, "--key", str(made.key), cwd=tmp_path)
    assert run.returncode == 2
    assert "ĐÃ BỊ RÚT khỏi danh mục" in run.stdout.decode()
    made.file.write_bytes(b"MZ fake")
    run = quetsach_here("--lang", "vi", *words, "--key", str(made.key), cwd=tmp_path)
    assert run.returncode == 2
    assert "KHÔNG có trong danh mục" in run.stdout.decode()
    assert "https://sen.example/tai-ve" in run.stdout.decode()
