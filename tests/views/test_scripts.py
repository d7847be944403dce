"""Scripts and styles are files of their own, and a linter finds nothing in them."""

from importlib.resources import files
from pathlib import Path

import pytest
import tinycss2

from lessonlib.views.live import script
from tests.tools import tool

VIEWS, STYLES, MARKING, SITE = (
    Path(str(files(f"lessonlib.{name}"))) for name in ("views", "styles", "grading.by_hand", "site")
)
SCRIPTS = [*VIEWS.glob("*.js"), *MARKING.glob("*.js"), *SITE.rglob("*.js")]
SHEETS = sorted([*STYLES.glob("*.css"), *MARKING.glob("*.css"), *SITE.rglob("*.css")])
LINT = ("--deny-warnings", "-D", "suspicious", "-D", "perf")


def oxlint(*paths):
    return tool("oxlint", *LINT, *paths)


def test_the_linter_finds_nothing_in_the_scripts():
    done = oxlint(*SCRIPTS)
    assert done.returncode == 0, done.stdout
    assert f"{len(SCRIPTS)} files" in done.stdout


@pytest.mark.parametrize("name", [path.stem for path in VIEWS.glob("*.js")])
def test_a_script_without_its_comments_is_still_one(name, tmp_path):
    path = tmp_path / f"{name}.js"
    path.write_text(script(name))
    assert oxlint(path).returncode == 0
    assert "//" not in script(name)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_every_rule_of_a_stylesheet_can_be_read(path):
    rules = tinycss2.parse_stylesheet(path.read_text("utf-8"), True, True)
    while rules:
        rule = rules.pop()
        assert rule.type in ("qualified-rule", "at-rule"), rule
        if rule.type == "at-rule":
            rules += tinycss2.parse_rule_list(rule.content, True, True)
            continue
        said = tinycss2.parse_blocks_contents(rule.content, True, True)
        assert said
        assert {one.type for one in said} == {"declaration"}, tinycss2.serialize(rule.prelude)
