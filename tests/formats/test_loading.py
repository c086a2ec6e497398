"""A format is loaded when it is asked for, once."""

from quetsach.formats import loading


def test_each_function_loads_the_format_of_its_name_once() -> None:
    functions = {
        name: made
        for name, made in vars(loading).items()
        if hasattr(made, "cache_info") and not name.startswith(("foreign_", "free_"))
    }
    assert len(functions) > 30
    for name, load in functions.items():
        assert load().name == name.replace("_", "-")
        assert load() is load()
    assert loading.foreign_ecs_json().name == "ecs-json"
    assert loading.free_text().name == "text"
