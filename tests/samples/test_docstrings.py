"""The examples in the docstrings do what they say."""

import doctest
import importlib
import pkgutil

import pytest

from lessonlib import pieces, samples

ROOMS = (samples, pieces)
MODULES = [
    f"{room.__name__}.{module.name}"
    for room in ROOMS
    for module in pkgutil.iter_modules(room.__path__)
]


@pytest.mark.parametrize(
    "name", [*MODULES, "lessonlib.exams.windows", "lessonlib.models.unmasking"]
)
def test_examples_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
