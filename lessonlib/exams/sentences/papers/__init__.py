"""The six abilities, one module each: what is visible, what is asked, and how it is scored."""

from lessonlib.exams.exam import Paper
from lessonlib.exams.sentences.papers import (
    blank,
    classification,
    continuation,
    matching,
    missing_span,
    rewriting,
)
from lessonlib.exams.sentences.papers.features import BagOfWords

PAPERS = {
    paper.ability: paper
    for paper in (
        Paper("continuation", "valid", continuation.measure, draw=10),
        Paper("blank", "top1", blank.measure, draw=11),
        Paper("missing_span", "exact", missing_span.measure, draw=12),
        Paper("matching", "retrieved", matching.measure, 13, BagOfWords),
        Paper("classification", "right", classification.measure, 14, BagOfWords),
        Paper("rewriting", "paraphrase", rewriting.measure, draw=15),
    )
}
