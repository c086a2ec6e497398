"""Figures of the source that may only fall: each is counted here and capped in a small TOML.

Each figure is a list of what it counts, "place: what", so that it can be read and not only summed.
"""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools.house.names import odd_variables

CAPS = Path("tools/house_ratchets.toml")
NOTE = (
    "# The most that each figure of src may be: lower it with `check --lower`, never raise it.\n"
    "# Only files and lines grow with what is built: raise those by hand, with the feature.\n"
)

PACKAGES = ("quetsach", "quetsach_portal", "quetsach_public")
TEST_FOLDERS = {
    "quetsach": "tests",
    "quetsach_portal": "tests/portal",
    "quetsach_public": "tests/public",
}
SHORTEST, LONGEST_MODULE, LONGEST_FUNCTION = 40, 400, 60

SHARED_BY_DJANGO = frozenset({"Command", "Meta"})
"""Names of classes that Django asks for, once a file or once a model."""

ONE_PER_THING = frozenset({"formats", "outputs", "commands"})
"""Folders with a file for each thing of a kind: those may be short."""

DJANGO_SETTINGS = re.compile(
    r"\w+_APPS|MIDDLEWARE|ROOT_URLCONF|WSGI_APPLICATION|TEMPLATES|SESSION_ENGINE|DATABASES"
    r"|CACHES|STORAGES|LOGGING|FORM_RENDERER|TEST_RUNNER|STATICFILES_FINDERS"
    r"|FORMAT_MODULE_PATH|CSRF_FAILURE_VIEW|FILE_UPLOAD_HANDLERS|MESSAGE_STORAGE|AUTH_PASSWORD_VALIDATORS|AUTHENTICATION_BACKENDS"
    r"|PASSWORD_HASHERS|(ACCOUNT|MFA|SOCIALACCOUNT|USERSESSIONS)_\w+|handler\d+"
)
"""Names in settings and URLs that Django and its libraries read as dotted paths."""

RESOURCES = frozenset({"include", "files", "PackageLoader"})
"""What is called with the name of a package: URLs of Django, and files that lie in a package."""

DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]\w*)+")


@dataclass(frozen=True)
class Module:
    """A source file: its dotted name, its path below src, and its text."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the syntax tree."""
        return tuple(ast.walk(self.tree))

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.text.count("\n")

    @property
    def is_package(self) -> bool:
        """True for an `__init__.py`."""
        return self.path.name == "__init__.py"


@dataclass(frozen=True)
class Source:
    """All modules of src, migrations left out, in the order of their names."""

    root: Path
    modules: tuple[Module, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Module]:
        """The modules by their dotted names."""
        return {module.name: module for module in self.modules}

    def resolves(self, dotted: str) -> bool:
        """True when `dotted` is a module of ours, or something that a module of ours binds."""
        outer, _, name = dotted.rpartition(".")
        if dotted in self.by_name:
            return True
        return outer in self.by_name and name in _bound(self.by_name[outer].tree)


def read_source(root: Path) -> Source:
    """Read every module below `root`/src."""
    folder = root / "src"
    modules = []
    for path in sorted(folder.rglob("*.py")):
        inner = path.relative_to(folder)
        if "migrations" not in inner.parts and inner.parts[0] in PACKAGES:
            parts = inner.with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules.append(Module(name, inner, path.read_text(encoding="utf-8")))
    return Source(root, tuple(modules))


def _bound(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def shared_class_names(source: Source) -> list[str]:
    """List each public class whose name another one has, too."""
    places: dict[str, list[str]] = defaultdict(list)
    for module in source.modules:
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(f"{module.path}:{node.lineno}: {node.name}")
    return [
        place
        for name, all_places in sorted(places.items())
        if len(all_places) > 1 and name not in SHARED_BY_DJANGO
        for place in all_places
    ]


def odd_names(source: Source) -> list[str]:
    """List each variable with an empty name that lives longer than three lines."""
    return [
        f"{module.path}:{variable.line}: {variable.name}"
        for module in source.modules
        for variable in odd_variables(module.tree, module.path)
    ]


def dotted_strings(source: Source) -> list[str]:
    """List each string that names a module or function of ours where an import should."""
    return [
        f"{module.path}:{node.lineno}: {node.value!s}"
        for module in source.modules
        # The name of an app is Django's to read.
        if module.path.name != "apps.py"
        for node in _own_strings(module.tree)
        if DOTTED.fullmatch(str(node.value)) and source.resolves(str(node.value))
    ]


def _own_strings(node: ast.AST, before: ast.AST | None = None) -> Iterator[ast.Constant]:
    """Return the strings below `node` without those that Django or Python must be handed."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and not _is(before, "-m"):
            yield node
        return
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(one, ast.Name) and DJANGO_SETTINGS.fullmatch(one.id) for one in targets):
            return
    if isinstance(node, ast.Call) and _called(node) in RESOURCES:
        return
    previous: ast.AST | None = None
    for child in ast.iter_child_nodes(node):
        if not _is(previous, "DJANGO_SETTINGS_MODULE"):
            yield from _own_strings(child, previous)
        previous = child


def _is(node: ast.AST | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def import_strings(source: Source) -> list[str]:
    """List each call of Django's `import_string`."""
    return [
        f"{module.path}:{node.lineno}: import_string"
        for module in source.modules
        for node in module.nodes
        if isinstance(node, ast.Call) and _called(node) == "import_string"
    ]


def short_modules(source: Source) -> list[str]:
    """List each module under 40 lines, without packages, `urls.py` and one-per-thing folders."""
    return [
        f"{module.path}: {module.lines} lines"
        for module in source.modules
        if module.lines < SHORTEST
        and module.path.name not in ("__init__.py", "urls.py")
        and not ONE_PER_THING & set(module.path.parts[:-1])
    ]


def long_modules(source: Source) -> list[str]:
    """List each module over 400 lines."""
    return [
        f"{module.path}: {module.lines} lines"
        for module in source.modules
        if module.lines > LONGEST_MODULE
    ]


def import_cycles(source: Source) -> list[str]:
    """List each group of modules that import one another, in functions or not."""
    graph = {module.name: _imported(module, source) for module in source.modules}
    return [" <-> ".join(sorted(group)) for group in _components(graph) if len(group) > 1]


def _imported(module: Module, source: Source) -> set[str]:
    names: set[str] = set()
    for node in _run_statements(module.tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            outer = _absolute(node, module)
            inner = {f"{outer}.{alias.name}" for alias in node.names}
            modules = inner & source.by_name.keys()
            names |= modules | ({outer} if len(modules) < len(inner) else set())
    return (names & source.by_name.keys()) - {module.name}


def _absolute(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return node.module or ""
    up = node.level - 1 if module.is_package else node.level
    outer = module.name.split(".")[: len(module.name.split(".")) - up]
    return ".".join([*outer, *([node.module] if node.module else [])])


def _run_statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Return all statements below `tree` without what only type checkers read."""
    open_nodes = [tree]
    while open_nodes:
        for child in ast.iter_child_nodes(open_nodes.pop()):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                yield child
                open_nodes.append(child)


def _components(graph: Mapping[str, set[str]]) -> list[set[str]]:
    """Return the strongly connected parts of `graph` (Kosaraju, without recursion)."""
    order: list[str] = []
    visited: set[str] = set()
    for root in graph:
        _walk(root, graph, visited, order)
    backward: dict[str, set[str]] = {name: set() for name in graph}
    for name, targets in graph.items():
        for target in targets:
            backward[target].add(name)
    visited.clear()
    components = []
    for root in reversed(order):
        component: list[str] = []
        _walk(root, backward, visited, component)
        if component:
            components.append(set(component))
    return components


def _walk(root: str, graph: Mapping[str, set[str]], visited: set[str], order: list[str]) -> None:
    """Append what is reached from `root` to `order`, each after all that it leads to."""
    if root in visited:
        return
    visited.add(root)
    open_nodes = [(root, iter(sorted(graph[root])))]
    while open_nodes:
        name, targets = open_nodes[-1]
        target = next((one for one in targets if one not in visited), None)
        if target is None:
            order.append(name)
            open_nodes.pop()
        else:
            visited.add(target)
            open_nodes.append((target, iter(sorted(graph[target]))))


def long_functions(source: Source) -> list[str]:
    """List each function over 60 lines."""
    return [
        f"{module.path}:{node.lineno}: {node.name}, {length} lines"
        for module in source.modules
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]


def untested_files(source: Source) -> list[str]:
    """List each file of the three packages without a test file of its own name and place."""
    missing = []
    for module in source.modules:
        package, *parts = module.path.parts
        if module.path.name in ("__init__.py", "__main__.py", "urls.py"):
            continue
        test = Path(TEST_FOLDERS[package], *parts).with_name(f"test_{module.path.name}")
        if not (source.root / test).is_file():
            missing.append(f"{module.path} -> {test}")
    return missing


def django_apps(source: Source) -> list[str]:
    """List the apps of ours in the settings."""
    settings = source.by_name.get("quetsach_portal.config.settings")
    if settings is None:
        return []
    return [
        str(inner.value)
        for node in ast.walk(settings.tree)
        if isinstance(node, ast.Assign | ast.AnnAssign) and "_APPS'" in ast.dump(node)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and str(inner.value).startswith("quetsach_portal.")
    ]


def files(source: Source) -> list[str]:
    """List the files."""
    return [str(module.path) for module in source.modules]


def lines(source: Source) -> list[str]:
    """List the lines."""
    return [str(module.path) for module in source.modules for _ in range(module.lines)]


FIGURES: Mapping[str, Callable[[Source], list[str]]] = {
    "shared-class-names": shared_class_names,
    "odd-variables": odd_names,
    "dotted-strings": dotted_strings,
    "import-string-calls": import_strings,
    "short-modules": short_modules,
    "long-modules": long_modules,
    "import-cycles": import_cycles,
    "long-functions": long_functions,
    "untested-files": untested_files,
    "django-apps": django_apps,
    "files": files,
    "lines": lines,
}
"""Each figure by its name in the TOML."""


def check(root: Path, *, listed: str | None = None, lower: bool = False) -> int:
    """Print where figures differ from their caps; return 1 when one rose or has no cap.

    With `listed`, print what that figure counts instead; with `lower`, write lower caps.
    """
    source = read_source(root)
    if listed is not None:
        print("\n".join(FIGURES[listed](source)))
        return 0
    caps = tomllib.loads((root / CAPS).read_text(encoding="utf-8"))
    today = {name: len(count(source)) for name, count in FIGURES.items()}
    for line in compared(today, caps):
        print(line)
    if lower:
        lowered = {name: min(figure, caps.get(name, figure)) for name, figure in today.items()}
        text = "".join(f"{name} = {figure}\n" for name, figure in lowered.items())
        (root / CAPS).write_text(NOTE + text, encoding="utf-8")
    return 1 if any(figure > caps.get(name, -1) for name, figure in today.items()) else 0


def compared(today: Mapping[str, int], caps: Mapping[str, int]) -> Sequence[str]:
    """Return a line for each figure that is not as its cap."""
    made = []
    for name, figure in today.items():
        cap = caps.get(name)
        if cap is None:
            made.append(f"   {name}: {figure}, and no cap in {CAPS}")
        elif figure > cap:
            made.append(f"   {name} rose from {cap} to {figure}: see check --list {name}")
        elif figure < cap:
            made.append(f"   {name} fell from {cap} to {figure}: lower its cap with check --lower")
    return made
