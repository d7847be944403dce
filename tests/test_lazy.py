"""Names that are loaded when they are first used: all are there, and nothing else is loaded."""

import subprocess
import sys
from importlib import import_module

import pytest

import lessonlib
from lessonlib import views
from lessonlib.lazy import lazy


@pytest.mark.parametrize("package", [lessonlib, views], ids=lambda package: package.__name__)
def test_every_name_is_its_home_s_own(package):
    for name, home in package.HOME_OF.items():
        assert getattr(package, name) is getattr(import_module(f"{package.__name__}.{home}"), name)
        assert name in dir(package)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = package.no_such_name


def test_a_name_spelt_like_its_module_is_the_name_and_not_the_module():
    code = "from lessonlib.views import Poster, poster; assert callable(poster), poster"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_module_named_wrong_is_found_out():
    load, _ = lazy("lessonlib.views", {"strip": "no_such_module"})
    with pytest.raises(ModuleNotFoundError):
        load("strip")


def test_the_first_strip_loads_no_exam_no_model_and_no_matplotlib():
    """In a browser every module that is loaded before the first strip costs a learner's time."""
    code = "import sys; from lessonlib.views import explore_blanks as it; it(); print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    heavy = ("matplotlib", "lessonlib.exams", "lessonlib.models", "lessonlib.worlds")
    assert "lessonlib.views.explorers.hiding" in loaded
    assert not [name for name in loaded if name.startswith(heavy)]
