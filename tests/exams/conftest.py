"""One language for all tests of the battery; making it takes a second."""

import pytest

from lessonlib.exams.vocabulary import Language
from lessonlib.worlds.sentences import learnable_world


@pytest.fixture(scope="session")
def language():
    return Language(learnable_world())
