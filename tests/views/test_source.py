"""The source that a page shows is the source that runs, in colours that need no colours."""

import html
import re

import pytest

from lessonlib.models import layers, transformer
from lessonlib.views.source import show_source


def commented(x):
    """Never shown.

    Neither is this.
    """

    def inner():
        """Nor this."""
        return x + 1  # a comment stays

    return "less < more", inner


def namespace_of(function):
    return dict(vars(__import__(function.__module__, fromlist=["_"])))


@pytest.mark.parametrize(
    "function", [layers.attention, layers.linear, transformer.block, commented]
)
def test_what_is_shown_is_the_code_that_runs_without_its_docstrings(function):
    shown = repr(show_source(function))
    names = namespace_of(function)
    exec(shown, names)
    again, code = names[function.__name__].__code__, function.__code__
    assert (again.co_names, again.co_varnames) == (code.co_names, code.co_varnames)
    assert '"""' not in shown
    assert f"def {function.__name__}(" in shown.splitlines()[0]


def test_the_page_and_the_text_say_the_same():
    shown = show_source(commented)
    page = re.sub(r"<style>.*?</style>", "", shown._repr_html_(), flags=re.DOTALL)
    assert html.unescape(re.sub(r"<[^>]*>", "", page)).strip() == repr(shown)
    assert '<span class="c"># a comment stays</span>' in page
    assert '<span class="k">return</span>' in page
    assert '<span class="s">&quot;less &lt; more&quot;</span>' in page
    assert 'aria-label="Source of commented"' in page


@pytest.mark.parametrize("wrong", [3, "linear", print, layers.Parameter])
def test_what_has_no_source_is_refused(wrong):
    with pytest.raises(TypeError, match="function="):
        show_source(wrong)
