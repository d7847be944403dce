"""A program that does what a learner's notebooks do where nothing but `lessonlib` is installed.

There are no processes, no new threads and no file locks either, as in a browser. What the grader,
an author or JupyterLab brings is refused. ``tests/test_setup.py`` runs it.
"""

import ast
import re
import subprocess
import sys
import threading
import tomllib
from dataclasses import replace
from importlib.abc import MetaPathFinder
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
ABSENT = {"_multiprocessing", "fcntl", "multiprocessing"}


def needed(lines, found=frozenset()):
    """Name the packages that a list of requirements installs, and all that these need."""
    for requirement in map(Requirement, lines):
        name = canonicalize_name(requirement.name)
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if name not in found and wanted:
            found = needed(distribution(name).requires or (), found=found | {name})
    return found


class Refusal(MetaPathFinder):
    """Refuse what an installation with some requirements more than its own does not have."""

    def __init__(self, more=(), absent=frozenset()):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        allowed = needed([*project["dependencies"], *more])
        self.refused = absent | {
            module
            for module, names in packages_distributions().items()
            if not {*map(canonicalize_name, names)} & {*allowed, "lessonlib"}
        }

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in self.refused:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def refuse(*arguments, **options):
    raise RuntimeError("there are no processes and no threads")


def imports_of(source):
    """Yield the import statements in the code cells of a notebook's source."""
    for cell in re.findall(r"```\{code-cell\}.*?\n(.*?)```", source.read_text("utf-8"), re.DOTALL):
        code = "\n".join(line for line in cell.split("\n") if not line.startswith((":", "---")))
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield ast.unparse(node)


def main():
    sys.meta_path.insert(0, Refusal(absent=ABSENT))
    threading.Thread.start = subprocess.Popen.__init__ = refuse
    pages = [*ROOT.glob("notebooks/text/*.md"), *ROOT.glob("solutions/text/*.md")]
    statements = {line for page in pages for line in imports_of(page)}
    assert len(statements) > 50
    for statement in sorted(statements):
        exec(statement, {})

    from lessonlib.exams.exam import run
    from lessonlib.exams.sentences.subject import QUICK

    small = replace(QUICK, recipes=QUICK.recipes[:1], steps=2, questions={"blank": 5})
    heard = []
    assert run(small).rows
    assert run(small, watch=heard.append).rows
    assert heard[-1].stage == ""
    print("all is well")


if __name__ == "__main__":
    main()
