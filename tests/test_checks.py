"""The checks of arguments that every room shares."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib import checks

anything = st.recursive(
    st.none() | st.integers() | st.text() | st.floats() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=200,
)


@given(anything)
def test_a_value_is_shown_in_short(value):
    assert 0 < len(checks.shown(value)) < 500


@given(
    st.integers() | st.booleans() | st.text(max_size=7) | st.lists(st.integers(0, 9), max_size=9)
)
def test_a_short_value_is_shown_as_it_is(value):
    assert checks.shown(value) == repr(value)


def test_a_huge_value_is_shown_in_short():
    for value in ("x" * 10**6, [["x" * 99] * 99] * 99, 10**5000, [10**5000], np.zeros(10**6)):
        assert len(checks.shown(value)) < 500


def test_types_are_told_apart_where_python_has_one_of_the_same_name():
    assert checks.kind(True) == "bool"
    assert checks.kind(np.True_) == "numpy.bool"
    assert checks.kind(np.zeros(1)) == "ndarray"


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_])
def test_booleans_of_python_and_numpy_become_plain_ones(value):
    assert checks.boolean(value, "flag") is bool(value)


@pytest.mark.parametrize("value", [0, 1, None, "yes", np.int8(1), np.array([True]), 1.0])
def test_nothing_else_is_a_boolean(value):
    with pytest.raises(TypeError, match=r"flag=.*True or False"):
        checks.boolean(value, "flag")


@given(st.floats(allow_nan=True), st.booleans(), st.booleans())
def test_a_number_is_let_through_exactly_where_it_is_allowed(value, above, below):
    allowed = 0 <= value <= 1 and not (above and value == 0) and not (below and value == 1)
    if allowed:
        assert checks.number(value, "share", 0, 1, above=above, below=below) == value
    else:
        said = f"{'above 0' if above else '0 or more'} and {'below' if below else 'up to'} 1$"
        with pytest.raises(ValueError, match=said):
            checks.number(value, "share", 0, 1, above=above, below=below)


@pytest.mark.parametrize("value", [np.float32(0.5), np.float64(0.5), np.int8(1), 1])
def test_numbers_of_numpy_are_numbers(value):
    assert type(checks.number(value, "share", 0, 1)) is float


@pytest.mark.parametrize("value", [True, np.True_, "1", None, 1j, [1]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match=r"share=.*must be a number"):
        checks.number(value, "share", 0, 1)


def test_a_number_too_large_for_a_float_is_out_of_range():
    with pytest.raises(ValueError, match="rate=inf is out of range; allowed: 0 or more"):
        checks.number(10**400, "rate", 0)


def test_floats_have_a_shape_and_are_finite():
    good = np.ones((2, 3), np.float32)
    assert checks.floats(good, "noise", ("rows", 3)) is good
    for wrong in (good[0], good[:0], good[:, :2], good[None]):
        with pytest.raises(ValueError, match=r"noise has shape .*allowed: \(rows, 3\)"):
            checks.floats(wrong, "noise", ("rows", 3))
    bad = good.copy()
    bad[1, 2] = np.inf
    with pytest.raises(ValueError, match=r"noise\[1, 2\] is inf"):
        checks.floats(bad, "noise", ("rows", 3))


@pytest.mark.parametrize(
    "wrong", [[1.0], np.ones(1, int), np.ma.ones(1), np.ones((1, 1)).view(np.matrix)]
)
def test_only_plain_arrays_of_floats_are_floats(wrong):
    with pytest.raises(TypeError, match="a numpy array of floats"):
        checks.floats(wrong, "noise", ("rows",))


def test_an_array_on_disk_is_a_plain_array(tmp_path):
    np.save(tmp_path / "ids.npy", np.arange(6))
    ids = np.load(tmp_path / "ids.npy", mmap_mode="r")
    assert checks.array(ids, "ids", "iu", "ids") is ids


def test_numpy_is_loaded_only_for_arrays_and_generators():
    program = (
        "import sys; from lessonlib import checks\n"
        "checks.boolean(True, 'x'), checks.number(1, 'x', 0), checks.spans([], 1)\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
