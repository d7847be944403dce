"""The browser edition as files: what is in it, what is not, and what the command says."""

import ast
import asyncio
import hashlib
import io
import json
import re
import shlex
import subprocess
import sys
import time
import zipfile
from argparse import ArgumentParser
from collections import Counter
from html import escape
from pathlib import Path

import pytest

from lessonlib.practice.course import STEPS
from lessonlib.site import command, edition
from lessonlib.site.edition import contents, lock, settings, stored, wheels
from lessonlib.site.edition.piplite.cli import get_transformed_code
from lessonlib.site.edition.runtime import LOCK, Address, Folder, NotReachedError, found
from lessonlib.words import Words

from .editions import ROOT, built, distributed, tools_or_skip
from .pyodides import CORE, PUBLIC, little

WORDS = Words("edition")
MOST_BYTES = 25_000_000  # without Pyodide
PACKED = (".whl", ".zip")


@pytest.fixture(scope="module")
def tools():
    tools_or_skip()


@pytest.fixture(scope="module")
def pyodide(tools, tmp_path_factory):
    return little(tmp_path_factory.mktemp("pyodide") / "pretended")


@pytest.fixture(scope="module")
def lite(tmp_path_factory, pyodide):
    return built(tmp_path_factory.mktemp("site"), pyodide) / edition.FOLDER


@pytest.fixture(scope="module")
def files(lite):
    """All files of the edition by their places, also those inside of packages."""
    found = {}
    for path in lite.rglob("*"):
        if path.is_file():
            place = path.relative_to(lite).as_posix()
            found[place] = path.read_bytes()
            if path.suffix in PACKED and zipfile.is_zipfile(path):
                with zipfile.ZipFile(io.BytesIO(found[place])) as packed:
                    inside = {name: packed.read(name) for name in packed.namelist()}
                found |= {f"{place}/{name}": data for name, data in inside.items()}
    return found


@pytest.fixture(scope="module")
def packages(lite):
    return json.loads((lite / settings.STATIC / LOCK).read_text("utf-8"))["packages"]


def answers():
    """What the worked exercises have and the exercises must not have, line by line."""
    for path in sorted((ROOT / "solutions").glob("*.ipynb")):
        worked, blank = (
            json.loads((ROOT / folder / path.name).read_text("utf-8"))["cells"]
            for folder in ("solutions", "exercises")
        )
        shown = "".join("".join(cell["source"]) for cell in blank)
        for cell in worked:
            source = "".join(cell["source"])
            if (
                cell["metadata"].get("lessonlib", {}).get("role") == "answer"
                and source not in shown
            ):
                yield source


def test_every_package_is_there_and_is_what_the_lock_file_says(lite, packages):
    for name, row in packages.items():
        data = (lite / settings.STATIC / row["file_name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"], name


def test_every_package_that_one_needs_is_in_the_lock_file(packages):
    assert {*lock.AT_START} <= {*packages}
    for name, row in packages.items():
        assert {*row["depends"]} <= {*packages}, name
    by_import = Counter(each for row in packages.values() for each in row["imports"])
    assert by_import["lessonlib"] == 1
    assert set(by_import.values()) == {1}


def test_what_is_loaded_at_the_start_is_what_the_kernel_would_ask_for_and_the_course(lite):
    config = json.loads((lite / "jupyter-lite.json").read_text("utf-8"))["jupyter-config-data"]
    (kernel,) = config["litePluginSettings"].values()
    assert kernel["loadPyodideOptions"]["packages"] == list(lock.AT_START)
    assert kernel["disablePyPIFallback"]
    assert kernel["pyodideUrl"].startswith("./")
    assert kernel["loadPyodideOptions"]["lockFileURL"].startswith("./")


def test_every_page_is_there_and_says_what_is_stored(lite):
    for step in STEPS:
        stored, page = (
            json.loads((folder / step.file).read_text("utf-8")) for folder in (ROOT, lite / "files")
        )
        assert all(cell["metadata"]["trusted"] for cell in page["cells"])
        assert page["metadata"]["kernelspec"] == contents.KERNEL
        assert _texts(page) == _texts(stored)
        assert all(isinstance(text, str) for text in _texts(page, joined=False))


def _texts(notebook, joined=True):
    outputs = [each for cell in notebook["cells"] for each in cell.get("outputs", ())]
    shown = [each["text"] for each in outputs if "text" in each]
    shown += [
        text
        for each in outputs
        for kind, text in each.get("data", {}).items()
        if not kind.endswith("json")
    ]
    return ["".join(text) for text in shown] if joined else shown


def test_no_answer_is_in_it(files):
    known = list(answers())
    assert len(known) > 10
    text = b"\n".join(files.values()).decode("utf-8", "replace")
    for source in known:
        assert source not in text
        assert json.dumps(source) not in text


def test_neither_answers_nor_grader_nor_what_is_for_teachers_is_in_it(files):
    unwanted = re.compile(
        r"solutions|(^|/)tests?/|lessonlib/(grading|site|server|authoring)/|teaching|grading\.toml"
        r"|titles\.toml|__pycache__|\.pyc$|(^|/)text/|direct_url"
    )
    assert [place for place in files if unwanted.search(place)] == []


def test_the_list_of_files_shows_what_learners_see_natively(lite):
    hidden = set(contents.hidden(ROOT))
    for listing in (lite / "api" / "contents").rglob("all.json"):
        names = {each["name"] for each in json.loads(listing.read_text("utf-8"))["content"]}
        assert not names & hidden
    top = json.loads((lite / "api" / "contents" / "all.json").read_text("utf-8"))
    assert {each["name"] for each in top["content"]} == {"README.md", "exercises", "notebooks"}


def test_every_font_is_there_in_its_newest_form(files):
    scripts = b"\n".join(data for place, data in files.items() if place.endswith((".css", ".js")))
    named = {name.decode() for name in re.findall(rb"[\w-]+\.woff2?\b", scripts)}
    newest = {name for name in named if f"{name}2" not in named}
    assert any(name.startswith("MathJax") for name in newest)
    assert newest <= {Path(place).name for place in files}


def test_it_is_small_without_pyodide(lite, pyodide):
    own = [path for path in lite.rglob("*") if path.is_file()]
    bytes_of_pyodide = sum((pyodide / name).stat().st_size for name in CORE)
    assert sum(path.stat().st_size for path in own) - bytes_of_pyodide <= MOST_BYTES


def test_nothing_in_it_tells_where_it_was_built(files, lite):
    places = {str(ROOT), str(lite.parent), sys.prefix, str(Path.home())} - {"/", "/root"}
    for place in places:
        assert [name for name, data in files.items() if place.encode() in data] == []


def test_the_page_says_its_name_and_what_is_loading(lite):
    for app in ("lab", "notebooks"):
        page = (lite / app / "index.html").read_text("utf-8")
        assert f"<title>{WORDS('title')}</title>" in page
        assert 'id="lesson-notices" role="status"' in page
        for name in ("slow", "server", "forgets", "forbidden", "interrupt"):
            assert escape(WORDS(name)) in page
        assert "$" not in page[page.index("lesson-notices") :]
    assert STEPS[0].file in (lite / "index.html").read_text("utf-8")


def test_the_page_does_not_ask_python_which_widgets_live_there(lite, tmp_path):
    places = "extensions/@jupyter-widgets/jupyterlab-manager/static"
    (tmp_path / places).mkdir(parents=True)
    asks = "t=await e.requestCommInfo({target_name:this.comm_target_name});return t"
    (tmp_path / places / "a.js").write_text(f"f(){{let {asks}}}")
    assert stored.show_widgets(tmp_path) == 1
    assert "await" not in (tmp_path / places / "a.js").read_text()
    assert stored.show_widgets(lite) == 0  # it was done when this was built


def test_what_pages_import_of_the_course_is_in_its_wheel(files):
    (wheel,) = {place.partition(".whl")[0] for place in files if "/lessonlib-" in place}
    for step in STEPS:
        for cell in json.loads((ROOT / step.file).read_text("utf-8"))["cells"]:
            for module in _imported("".join(cell["source"])) if cell["cell_type"] == "code" else ():
                path = f"{wheel}.whl/{module.replace('.', '/')}"
                assert {f"{path}.py", f"{path}/__init__.py"} & {*files}, (step.name, module)


def _imported(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("lessonlib"):
            yield node.module


def test_the_same_course_gives_the_same_wheels(tmp_path, pyodide, monkeypatch):
    kept, now = [], time.time()
    for name, later in (("one", 0), ("two", 3600)):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setattr(time, "time", lambda later=later: now + later)
        lock.write(ROOT, found(str(pyodide)), folder, inside=True)
        kept.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert kept[0] == kept[1]


def test_from_an_address_only_what_pyodide_lacks_is_put_into_the_site(tmp_path, pyodide):
    with distributed(pyodide) as address:
        loaded = lock.write(ROOT, Address(address), tmp_path, inside=False)
    rows = json.loads((tmp_path / LOCK).read_text("utf-8"))["packages"]
    for name, row in rows.items():
        place = row["file_name"]
        assert place.startswith(f"{address}/") == (name in PUBLIC)
        assert (tmp_path / place).exists() == (name not in PUBLIC)
    there = {path.name for path in tmp_path.iterdir()}
    assert not there & {path.name for path in pyodide.iterdir()} - {LOCK}
    files = [row["file_name"].removeprefix(f"{address}/") for row in rows.values()]
    sizes = {path.name: path.stat().st_size for path in (*pyodide.iterdir(), *tmp_path.iterdir())}
    assert loaded == sum(sizes[name] for name in (*CORE, *files))
    page = json.dumps(settings.of_the_page(Address(address), inside=False))
    assert set(re.findall(r"https?://[^\"]*", page)) == {f"{address}/pyodide.mjs"}


def test_offline_all_of_it_is_fetched_once(tmp_path, pyodide):
    with distributed(pyodide) as address:
        lock.write(ROOT, Address(address), tmp_path, inside=True)
    rows = json.loads((tmp_path / LOCK).read_text("utf-8"))["packages"]
    assert {*CORE} < {path.name for path in tmp_path.iterdir()}
    assert all((tmp_path / row["file_name"]).exists() for row in rows.values())
    assert "://" not in json.dumps(settings.of_the_page(Address(address), inside=True))


def test_the_public_distribution_is_where_the_kernel_knows_it():
    constants = pytest.importorskip("jupyterlite_pyodide_kernel.constants")
    assert found(None).address == f"{constants.PYODIDE_CDN_URL}/"


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize("missing", CORE[1:])
def test_a_distribution_that_lacks_a_file_is_none(tmp_path, missing):
    folder = little(tmp_path / "pyodide")
    (folder / missing).unlink()
    with pytest.raises(NotReachedError):
        lock.write(ROOT, found(str(folder)), tmp_path, inside=True)


@pytest.mark.usefixtures("tools")
def test_a_package_that_is_nowhere_is_named(tmp_path):
    folder = little(tmp_path / "pyodide", packages=("matplotlib", "micropip"))
    with pytest.raises(lock.LacksError, match="numpy"):
        lock.write(ROOT, found(str(folder)), tmp_path, inside=True)


def test_what_is_compiled_is_not_packed(tmp_path):
    with pytest.raises(wheels.CompiledError):
        wheels.repacked("numpy", tmp_path)


def test_a_page_installs_nothing_and_says_so():
    code = asyncio.run(get_transformed_code(["install", "pandas"]))
    assert WORDS("nothing_is_installed") in code
    compile(code, "", "exec")


def test_a_page_loads_no_terminal():
    program = (
        "import sys; from lessonlib.site.edition.piplite import piplite; "
        "piplite.leave_out_the_terminal(); import IPython, IPython.core.interactiveshell; "
        "print(*sys.modules)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    assert "IPython.core.interactiveshell" in loaded
    assert "prompt_toolkit" not in loaded


@pytest.fixture
def rest(monkeypatch):
    """What the command builds beside the edition, without building it."""
    done = []
    monkeypatch.setattr(command, "_rest", lambda course, out, megabytes: done.append(out))
    return done


def run(*words):
    parser = ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([str(word) for word in words]))


@pytest.mark.usefixtures("tools")
def test_where_pyodide_is_not_reached_all_else_is_made(tmp_path, rest, capsys):
    nowhere = tmp_path / "nowhere"
    out = tmp_path / "site"
    assert run("--course", ROOT, "--out", out, "--pyodide", nowhere) == 1
    assert rest == [out]
    said = capsys.readouterr().err
    assert str(nowhere) in said
    assert "all else was" in said


@pytest.mark.usefixtures("tools")
def test_an_address_where_nobody_answers_is_named(tmp_path, rest, capsys):
    with distributed(tmp_path) as address:
        pass
    assert run("--course", ROOT, "--out", tmp_path / "site", "--pyodide", address) == 1
    assert f"{address}/" in capsys.readouterr().err


def test_a_folder_that_is_no_course(tmp_path, rest, capsys):
    assert run("--course", tmp_path, "--out", tmp_path / "site") == 2
    assert rest == []
    assert str(tmp_path) in capsys.readouterr().err


def test_who_lacks_what_builds_the_site_is_told_what_to_install(
    tmp_path, rest, capsys, monkeypatch
):
    monkeypatch.setattr(command, "TOOLS", ("no_such_tool",))
    assert run("--course", ROOT, "--out", tmp_path / "site") == 2
    assert "requirements-site.txt" in capsys.readouterr().err
    assert rest == []
    assert not (tmp_path / "site").exists()


@pytest.fixture
def no_edition(monkeypatch):
    def fail(*_):
        raise edition.LiteError("the reason")

    monkeypatch.setattr(edition, "build", fail)


@pytest.mark.usefixtures("tools", "rest", "no_edition")
def test_a_jupyterlite_that_fails_says_why(tmp_path, capsys):
    assert run("--course", ROOT, "--out", tmp_path) == 1
    assert "the reason" in capsys.readouterr().err


@pytest.mark.usefixtures("tools", "no_edition")
@pytest.mark.parametrize("name", command.PARTS)
def test_what_is_not_the_sites_own_is_never_replaced(tmp_path, rest, capsys, name):
    theirs = tmp_path / name / "mine.txt"
    theirs.parent.mkdir()
    theirs.write_text("mine")
    assert run("--course", ROOT, "--out", tmp_path) == 2
    assert name in capsys.readouterr().err
    assert theirs.read_text() == "mine"
    assert [*tmp_path.iterdir()] == [theirs.parent]
    assert rest == []


@pytest.mark.usefixtures("tools", "no_edition")
def test_a_folder_with_other_files_and_an_older_site_are_built_into(tmp_path, rest):
    (tmp_path / "mine.txt").write_text("mine")
    assert run("--course", ROOT, "--out", tmp_path) == 1
    (tmp_path / "book").mkdir()
    assert run("--course", ROOT, "--out", tmp_path) == 1
    assert rest == [tmp_path, tmp_path]


@pytest.mark.usefixtures("tools", "rest", "no_edition")
@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_is_no_place_for_a_site(tmp_path, capsys, below):
    file = tmp_path / "file"
    file.write_text("mine")
    assert run("--course", ROOT, "--out", file / below) == 2
    assert str(file) in capsys.readouterr().err
    assert file.read_text() == "mine"


@pytest.mark.usefixtures("tools", "rest")
def test_the_line_that_shows_the_site_can_be_pasted(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(edition, "build", lambda *_: 1)
    out = tmp_path / "a b" / "c'd"
    assert run("--course", ROOT, "--out", out) == 0
    assert shlex.split(capsys.readouterr().out.rpartition("-d ")[2]) == [str(out)]


@pytest.mark.parametrize(
    "listed",
    [
        "<html>Log in</html>",
        "[]",
        '{"info": {}}',
        '{"packages": {}}',
        '{"info": {"version": "1"}, "packages": {"numpy": {}}}',
    ],
)
def test_what_is_no_list_of_packages_is_told(tmp_path, listed):
    (tmp_path / "pyodide-lock.json").write_text(listed)
    with pytest.raises(NotReachedError, match="pyodide-lock"):
        _ = found(str(tmp_path)).lock


def test_an_address_of_files_is_their_folder(tmp_path):
    place = found((tmp_path / "a b").as_uri())
    assert isinstance(place, Folder)
    assert place.folder == tmp_path / "a b"
