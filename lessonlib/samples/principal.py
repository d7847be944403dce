"""Which sentences of a text say most about the rest of it."""

from collections import Counter
from collections.abc import Sequence

from lessonlib import checks


def principal(sentences: Sequence[Sequence[str]], count: int) -> list[int]:
    """Choose the `count` of the `sentences` that share most words with all the others.

    Each is compared with the rest of the text by ROUGE-1: of equal words, the share in both, as
    F1. Small and capital letters are the same; tokens without letters and digits do not count. Of
    equally good sentences the later ones are chosen. Source: Zhang et al. 2020 (PEGASUS), section
    3.1, "Ind-Orig".

    >>> principal([["a", "dog"], ["the", "dog", "barks"], ["a", "dog", "barks"]], 1)
    [2]
    """
    texts = checks.texts(sentences, "sentences")
    count = checks.integer(count, "count", 0, len(texts))
    words = [
        Counter(word.lower() for word in text if any(map(str.isalnum, word))) for text in texts
    ]
    whole = sum(words, Counter())
    scores = [(rouge_1(sentence, whole - sentence), n) for n, sentence in enumerate(words)]
    return sorted(n for _, n in sorted(scores, reverse=True)[:count])


def rouge_1(one: Counter[str], other: Counter[str]) -> float:
    """Compare two bags of words: twice what both have, as a share of all; 0 if there are none.

    Source: Lin 2004 (ROUGE), section 2; with equal weight for recall and precision.
    """
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)
