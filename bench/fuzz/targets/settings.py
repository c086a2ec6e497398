"""Files that offices write for the program: sources, watches, sensors, keys."""

from bench.fuzz.as_file import by_path
from bench.fuzz.mutation import mutated_bytes, mutated_text
from bench.fuzz.samples import texts_in
from bench.fuzz.target import FuzzTarget
from quetsach.blocklists import planted
from quetsach.blocklists.sensors import settings
from quetsach.cli.watch import config
from quetsach.configuration import settings_file, toml_places
from quetsach.configuration.cli_settings import CLI_SETTINGS
from quetsach.scanning import declared_sources


def settings_targets() -> list[FuzzTarget]:
    """Return a target for each file of settings."""
    return [
        FuzzTarget(
            "settings.sources",
            by_path(declared_sources.read_sources, "sources.toml"),
            lambda: texts_in("scanning/test_declared_sources.py"),
            (declared_sources,),
            mutated_text,
        ),
        FuzzTarget(
            "settings.cli",
            by_path(lambda path: settings_file.read_settings(path, CLI_SETTINGS), "config.toml"),
            lambda: [b'lang = "vi"\nplan = [\n  "a",\n]\n[x]\ny = 1\n', b"workers = 2\n"],
            (settings_file, toml_places),
            mutated_text,
        ),
        FuzzTarget(
            "settings.watch",
            by_path(config.read_config, "watch.toml"),
            lambda: texts_in("cli/watch") or [b"out = 'a'\n[[x]]\ny = 1\n"],
            (config,),
            mutated_text,
        ),
        FuzzTarget(
            "settings.sensors",
            lambda content: settings.read_sensors(content.decode("utf-8", "replace"), "a.toml"),
            lambda: texts_in("blocklists/sensors/test_settings.py"),
            (settings,),
            mutated_text,
        ),
        FuzzTarget(
            "settings.planted-key",
            by_path(planted.read_planted_key, "planted.toml"),
            lambda: texts_in("blocklists/test_planted.py", least=30),
            (planted,),
            mutated_text,
        ),
        FuzzTarget(
            "settings.planted-names",
            lambda content: planted.planted_names_in(content.decode("utf-8", "replace")),
            lambda: texts_in("blocklists/test_planted.py", least=12),
            (planted,),
            mutated_bytes,
        ),
    ]
