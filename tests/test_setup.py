"""The files that set the course up agree with each other, and the package is light to import."""

import json
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from jupyter_server.services.contents.manager import ContentsManager
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from lessonlib.cli import VERBS
from lessonlib.grading.bundle import HANDED_OUT
from tests.learners_kernel import needed
from tests.readme import README, readme_line

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINS = (ROOT / "requirements.txt").read_text().splitlines()


TEXTS = ("notebooks/text", "solutions/text", "tests/benchmarks")
EXTRAS = PROJECT["optional-dependencies"]
IN_A_BROWSER = {"js", "pyodide"}  # what only a browser's Python has


def asked_for(extra):
    """List the requirements of an extra, those of the extras that it names among them."""
    for line in EXTRAS[extra]:
        requirement = Requirement(line)
        if requirement.name == PROJECT["name"]:
            for other in requirement.extras:
                yield from asked_for(other)
        else:
            yield requirement


def imported_packages(code):
    """Name the packages that a program imports, wherever it does."""
    return set(re.findall(r"^\s*(?:import|from) (\w+)", code, re.MULTILINE))


def test_requirements_pin_every_package_exactly_and_end_in_the_course_itself():
    *pins, last = PINS
    assert last == "-e ."
    for line in pins:
        (specifier,) = Requirement(line).specifier
        assert specifier.operator == "==", line


def test_requirements_name_no_download_address():
    assert not [line for line in PINS if "://" in line or "@" in line or line.startswith("--")]


def test_every_declared_dependency_is_pinned_inside_its_range():
    pinned = {}
    for line in PINS[:-1]:
        requirement = Requirement(line)
        version = next(iter(requirement.specifier)).version
        pinned.setdefault(canonicalize_name(requirement.name), []).append(version)
    for requirement in [*map(Requirement, PROJECT["dependencies"]), *asked_for("test")]:
        versions = pinned[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_the_libraries_that_bridges_lead_to_are_pinned_inside_their_ranges_and_apart():
    *pins, last = (ROOT / "requirements-real.txt").read_text().splitlines()
    assert last == "-e .[grade,real]"
    pinned = {Requirement(line).name: Requirement(line).specifier for line in pins}
    for requirement in asked_for("real"):
        (version,) = pinned[requirement.name]
        assert version.operator == "=="
        assert requirement.specifier.contains(version.version), requirement
    everyone = {Requirement(line).name for line in PINS[:-1]}
    assert everyone.isdisjoint(line.name for line in asked_for("real")), "README's lines stay quick"
    assert "-r requirements-real.txt" in (ROOT / ".ci" / "run").read_text()


def test_what_makes_the_site_is_pinned_inside_its_ranges_and_apart():
    *pins, last = (ROOT / "requirements-site.txt").read_text().splitlines()
    assert last == "-e .[site]"
    pinned = {canonicalize_name(Requirement(line).name): Requirement(line) for line in pins}
    for line in pins:
        (specifier,) = Requirement(line).specifier
        assert specifier.operator == "==", line
    own = [Requirement(line) for line in EXTRAS["site"] if not line.startswith(PROJECT["name"])]
    for requirement in own:
        (version,) = pinned[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(version.version), requirement
    everyone = {canonicalize_name(Requirement(line).name) for line in PINS[:-1]}
    assert everyone.isdisjoint(pinned), "README's lines stay quick"
    assert "-r requirements-site.txt" in (ROOT / ".ci" / "run").read_text()


def test_conda_gives_python_and_pip_installs_what_is_pinned():
    text = (ROOT / "environment.yml").read_text()
    wanted = re.findall(r"^ +- (?!pip:)(\S.*)$", text.split("dependencies:")[1], re.MULTILINE)
    version, *others = wanted
    # Binder reads no other form than this one; `python>=3.11` would give it an older one.
    assert re.fullmatch(r"python=\d\.\d+", version)
    assert version.partition("=")[2] in SpecifierSet(PROJECT["requires-python"])
    assert others == ["pip", "-r requirements.txt"]


@pytest.mark.parametrize(
    ("room", "extras"),
    [
        ("authoring", {"author"}),
        ("grading", {"grade", "cluster"}),
        ("server", {"lab"}),
        ("site", {"site"}),
    ],
)
def test_an_extra_installs_what_its_room_imports(room, extras):
    if room == "site":
        pytest.importorskip("jupyterlite_core", reason="pip install -r requirements-site.txt")
    paths = (ROOT / "lessonlib" / room).rglob("*.py")
    found = {name for path in paths for name in imported_packages(path.read_text("utf-8"))}
    distributions = packages_distributions()
    lines = [str(line) for extra in extras for line in asked_for(extra)]
    installed = needed([*PROJECT["dependencies"], *lines])
    for name in found - set(sys.stdlib_module_names) - {"lessonlib", *IN_A_BROWSER}:
        assert {*map(canonicalize_name, distributions[name])} & installed, name


def test_contributing_says_why_each_package_is_there():
    told = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## Dependencies")[1]
    everything = [
        *map(Requirement, PROJECT["dependencies"]),
        *asked_for("test"),
        *asked_for("site"),
    ]
    assert not [line.name for line in everything if line.name not in told]


def test_a_learners_kernel_needs_no_more_than_the_package_itself_and_no_processes():
    subprocess.run([sys.executable, "-m", "tests.learners_kernel"], cwd=ROOT, check=True)


def test_what_the_tests_import_is_what_the_tests_install():
    """pytest is promised to run from requirements.txt alone.

    Programs that are run by hand, and tests beside other people's libraries, have environments of
    their own.
    """
    imported = set()
    for path in (ROOT / "tests").rglob("*.py"):
        if not {"benchmarks", "real", "references.py"} & set(path.parts):
            imported |= imported_packages(path.read_text("utf-8"))
    third_party = imported - set(sys.stdlib_module_names) - {"lessonlib", "tests"}
    pinned = {canonicalize_name(Requirement(line).name) for line in PINS[:-1]}
    homes = {
        "yaml": "pyyaml",
        "axe_playwright_python": "axe-playwright-python",
        "zmq": "pyzmq",
        "markdown_it": "markdown-it-py",
    }
    assert {canonicalize_name(homes.get(name, name)) for name in third_party} <= pinned


@pytest.mark.parametrize("comment", ["open the course", "run all tests"])
def test_readme_has_one_complete_line_for(comment):
    line = readme_line(comment)
    assert "venv" in line
    assert "-r requirements.txt" in line
    windows = line.replace("bin/", "Scripts/").replace("/", "\\").replace("python3", "py")
    assert windows.replace(" &&", ";") in README


def opening_words():
    """The words that open the course: the last command of README's first line."""
    return readme_line("open the course").split(" && ")[-1].removeprefix(".venv/bin/")


def test_conda_opens_the_course_by_the_same_words():
    assert f"conda activate pretraining-methods\n{opening_words()}\n```" in README


def test_the_opening_line_leaves_room_for_options_and_names_files_that_are_there():
    program, verb, config, notebook = opening_words().split()
    assert (program, verb) == ("jupyter", "lab")
    assert (ROOT / config.removeprefix("--config=")).is_file()
    assert (ROOT / notebook).is_file()


def test_what_opens_the_course_hides_no_less_than_jupyter_does_and_nothing_of_a_learner():
    """A file list must name everything it hides, Jupyter's own choice included."""
    hidden = json.loads((ROOT / "jupyter-config" / "course.json").read_text())
    globs = hidden["ContentsManager"]["hide_globs"]
    assert set(ContentsManager.hide_globs.default_args[0]) <= set(globs)
    shown = {
        path.name
        for path in ROOT.iterdir()
        if not path.name.startswith(".") and not any(fnmatch(path.name, glob) for glob in globs)
    }
    assert {"README.md", "exercises", "notebooks"} <= shown
    assert not shown & {"solutions", *HANDED_OUT} - {"README.md", "exercises", "notebooks"}


def test_what_an_installation_puts_into_the_environment_is_what_contributing_tells():
    """It holds for every use of that environment: nobody else may run Jupyter as root, say."""

    def keys(table, above=""):
        for key, value in table.items():
            yield from keys(value, f"{above}{key}/") if isinstance(value, dict) else [above + key]

    paths = (ROOT / "jupyter-config" / "etc").rglob("*.json")
    put = {key for path in paths for key in keys(json.loads(path.read_text()))}
    assert put == {
        "ServerApp/jpserver_extensions/lessonlib.server",
        "@jupyter-widgets/jupyterlab-manager:plugin/saveState",
        "@jupyterlab/apputils-extension:notification/fetchNews",
        "@jupyterlab/apputils-extension:notification/checkForUpdates",
    }
    told = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert all(f"`{key.rpartition('/')[2]}`" in told for key in put)


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_ci_runs_the_readme_line():
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    taken = lines[lines.index('eval "${test_line}"') - 2]
    said = subprocess.run(
        ["bash", "-c", f'{taken}\nprintf %s "$test_line"'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == readme_line("run all tests")


def test_every_file_the_readme_links_to_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_that_a_page_or_a_module_names_is_there():
    pages = [path for where in (".", *TEXTS) for path in (ROOT / where).glob("*.md")]
    modules = [*(ROOT / "lessonlib").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    said = "\n".join(path.read_text("utf-8") for path in pages + modules)
    named = set(re.findall(r"-m ((?:lessonlib|tests)(?:\.\w+)*)", said))
    assert {"lessonlib", "tests.benchmarks.models"} <= named
    for name in named:
        place = ROOT / name.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), name
    verbs = re.findall(r"(?:`|-m |bin/)lessonlib ([a-z]+)", said)
    assert set(verbs) == set(VERBS)


PROBE = """
import json, sys, time
start = time.perf_counter()
import lessonlib
seconds = time.perf_counter() - start
print(json.dumps([seconds, sorted(sys.modules)]))
"""


def test_import_lessonlib_is_instant_and_loads_nothing_heavy():
    fresh = [
        json.loads(
            subprocess.run([sys.executable, "-c", PROBE], capture_output=True, check=True).stdout
        )
        for _ in range(3)
    ]
    assert min(seconds for seconds, _ in fresh) < 0.1
    heavy = {"numpy", "matplotlib", "ipywidgets", "IPython", "pytest", "nbval", "lessonlib.grading"}
    assert heavy.isdisjoint(fresh[0][1])


def test_samples_need_no_numpy_until_a_mask_is_asked_for():
    code = (
        "import sys; from lessonlib.samples import causal; s = causal(['a', 'b']);"
        "assert 'numpy' not in sys.modules; s.attention_mask; assert 'numpy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error():
    import lessonlib

    with pytest.raises(AttributeError, match="no attribute 'nothing_like_this'"):
        _ = lessonlib.nothing_like_this


def test_every_exported_name_exists():
    import lessonlib

    for name in lessonlib.__all__:
        assert getattr(lessonlib, name) is not None
