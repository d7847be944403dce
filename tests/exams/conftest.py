"""One language for all tests of the exams; making it takes a second."""

import pytest

from lessonlib.exams.sentences.language import village


@pytest.fixture(scope="session")
def language():
    return village()
