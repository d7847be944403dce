"""What is installed reads as English, and there is enough of it."""

import sys

from lessonlib.pieces import counted, english, installed_english


def test_there_are_thousands_of_words_in_sentences():
    texts = installed_english()
    assert len(texts) > 500
    assert len({*texts}) == len(texts)
    counts = counted(texts)
    assert counts["▁the"] == max(counts.values())
    assert counts["▁the"] > 0.03 * counts.total()
    assert sum(unit.removeprefix("▁").isalpha() for unit in counts) > 2000


def test_a_python_without_its_help_topics_has_english_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    texts = [text for text in english._help() if "the" in text.split()]
    assert len(texts) > 200
