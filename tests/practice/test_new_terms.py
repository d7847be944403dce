"""A page brings few new terms, and a term is new on one page."""

import re
from collections import Counter
from pathlib import Path

import pytest

from lessonlib.practice.course import STEPS

ROOT = Path(__file__).parents[2]
CORE = [step.name for step in STEPS if step.folder == "notebooks" and not step.optional]
MOST = 12
# Code, and what is folded away: an answer repeats terms.
LEFT_OUT = re.compile(r"```.*?```|<details.*?</details>", re.DOTALL)
BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
LONGEST = 3  # words: what is longer is a thought
NO_TERMS = {
    "not", "next", "between", "inside", "across",  # stressed
    "in the data", "in the model",
    "in each notebook", "if something looks wrong", "the notebooks", "exercises", "now do",
    "architecture fit", "behaviour effect", "limitation",  # the lines of the evidence card
    "agrees", "disagrees", "cannot say",  # the verdicts of the scale shelf
}  # fmt: skip


def new_terms(text: str) -> list[str]:
    """List what a page sets in bold and does not end like a sentence, in the singular."""
    bold = BOLD.findall(LEFT_OUT.sub("", text))
    short = [words.casefold() for words in bold if len(words.split()) <= LONGEST]
    terms = [words for words in short if words[-1] not in ".:?!" and words not in NO_TERMS]
    return list(dict.fromkeys(words.removesuffix("s") for words in terms))


def terms_of(name: str) -> list[str]:
    return new_terms((ROOT / "notebooks" / "text" / f"{name}.md").read_text("utf-8"))


@pytest.mark.parametrize("name", CORE)
def test_a_page_brings_few_new_terms(name):
    assert len(terms_of(name)) <= MOST


def test_a_term_is_new_on_one_page():
    card = {"training sample"}  # on the last page a line of the evidence card, too
    pages = Counter(term for name in CORE for term in terms_of(name))
    assert {term for term, count in pages.items() if count > 1} - card == set()


def test_terms_are_found_and_thoughts_are_not():
    text = "A **mask** hides.\n- **Encoders** read.\n**Look twice.** It is **not** so.\n"
    text += "**A mask and labels belong together** <details>**gradient**</details> **masks**"
    assert new_terms(text) == ["mask", "encoder"]
