"""The image and its compose file: no root, no password in them, a check of health that is real."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from quetsach_portal.config.front import ALIVE
from quetsach_portal.config.setting_keys import FILE_VARIABLE
from tools.release.offline import SHIPPED

FOLDER = SHIPPED / "oci"
INSTRUCTIONS = (
    *("ARG", "FROM", "COPY", "RUN", "ENV", "USER", "WORKDIR", "VOLUME", "EXPOSE"),
    *("STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
)


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", "", (FOLDER / "Containerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.partition(" ")[2]) for line in lines]


def composed() -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8")))


def test_every_instruction_is_one_that_builders_know() -> None:
    assert {name for name, _rest in instructions()} <= set(INSTRUCTIONS)
    assert [rest for name, rest in instructions() if name == "FROM"] == [
        "${BASE} AS build",
        "${BASE}",
    ]


def test_the_last_stage_runs_as_a_user_without_rights_and_checks_its_health() -> None:
    last = instructions()[[name for name, _rest in instructions()].index("FROM", 3) :]
    names = [name for name, _rest in last]
    assert dict(last)["USER"] == "10001:10001"
    assert names.index("USER") > names.index("RUN")
    assert f"http://127.0.0.1:8000{ALIVE}" in dict(last)["HEALTHCHECK"]


def test_what_is_copied_is_part_of_the_offline_release() -> None:
    copied = [shlex.split(rest) for name, rest in instructions() if name == "COPY"]
    assert copied == [[".", "/release"], ["--from=build", "/opt/quetsach", "/opt/quetsach"]]
    [asking] = [rest for name, rest in instructions() if rest.startswith("test ")]
    assert '-n "${KEY_NUMBER}"' in asking
    assert "exit 1" in asking
    [installing] = [rest for name, rest in instructions() if "install.sh" in rest]
    assert "--key-number" in installing


def test_no_password_stands_in_the_compose_file() -> None:
    for service in composed()["services"].values():
        for name, value in service.get("environment", {}).items():
            assert "PASSWORD" not in name or value.startswith("/run/secrets/"), name
    used = {name for service in composed()["services"].values() for name in service["secrets"]}
    assert used == set(composed()["secrets"])


def test_the_portal_waits_for_its_tables_and_has_no_rights() -> None:
    services = composed()["services"]
    assert services["portal"]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"}
    }
    assert services["migrate"]["command"][:2] == ["manage", "migrate"]
    assert services["portal"]["cap_drop"] == ["ALL"]
    assert services["portal"]["ports"] == ["127.0.0.1:8000:8000"]
    for service in ("portal", "migrate"):
        assert services[service]["environment"] == {FILE_VARIABLE: "/run/secrets/portal.toml"}


def test_volumes_and_images_are_named() -> None:
    services = composed()["services"]
    volumes = {row.partition(":")[0] for one in services.values() for row in one["volumes"]}
    assert volumes == set(composed()["volumes"])
    assert Path("/var/lib/quetsach").as_posix() in dict(instructions())["VOLUME"]
