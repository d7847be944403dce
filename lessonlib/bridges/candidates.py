"""Models of transformers as candidates of the course's exam: asked as the course's own are."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lessonlib.attention import EncoderDecoderMask, Mask
from lessonlib.exams.sentences.candidates.base import Pages, TextCandidate
from lessonlib.exams.sentences.candidates.pairs import Rows
from lessonlib.exams.sentences.language import EXTRA_POSITIONS, Language
from lessonlib.exams.sentences.shapes import SHAPES
from lessonlib.exams.sentences.short import LESSONS
from lessonlib.exams.vocabulary import Ids
from lessonlib.models import Config, greedy
from lessonlib.models.generation import Choose


class LibraryModel:
    """As much of the course's transformer as the exam asks, answered by one of the library's."""

    def __init__(self, model: Any, config: Config) -> None:
        self.model, self.config = model, config

    def logits(
        self, inputs: Ids, mask: Mask | EncoderDecoderMask, asked: Mask, source: Ids | None = None
    ) -> np.ndarray:
        """Return scores over the vocabulary where asked, (positions asked, vocabulary)."""
        import torch

        def ids(array: np.ndarray) -> torch.Tensor:
            return torch.from_numpy(np.array(array, np.int64))

        given = {"input_ids": ids(inputs)}
        if source is not None:  # one line of a mask says what is padding, as for all queries
            given = {"input_ids": ids(source), "decoder_input_ids": given["input_ids"]}
            given["attention_mask"] = ids(mask.encoder[:, 0])
        elif self.config.architecture == "encoder-only":
            given["attention_mask"] = ids(mask[:, 0])
        else:
            given["attention_mask"] = torch.ones_like(given["input_ids"])
        with torch.inference_mode():
            return self.model(**given).logits.numpy()[asked]


class _WithoutMemory(TextCandidate):
    """Writes by reading everything anew for each token: slower, and the same for every model."""

    def write(
        self,
        rows: Rows,
        end: str,
        at_most: int,
        choose: Choose = greedy,
        sources: Rows | None = None,
        prefixes: Sequence[int] | None = None,
    ) -> Pages:
        """Go on from each row until the token `end`, written too, or for `at_most` tokens."""
        pages: Pages = [[] for _ in rows]
        last, room = self.vocabulary[end], self.model.config.length
        going = list(range(len(rows)))
        for _ in range(at_most):
            going = [n for n in going if pages[n][-1:] != [last]]
            going = [n for n in going if len(rows[n]) + len(pages[n]) < room]
            if not going:
                break
            texts = [[*rows[n], *pages[n]] for n in going]
            asked = [[len(text) - 1] for text in texts]
            some = None if sources is None else [sources[n] for n in going]
            drawn = choose(self.log_probabilities(texts, asked, some, prefixes))
            for n, token in zip(going, drawn.tolist(), strict=True):
                pages[n].append(token)
        return pages


def candidate(objective: str, model: Any, language: Language) -> TextCandidate:
    """Return a model of transformers as a candidate: it answers as its objective does."""
    sizes = {"length": language.longest + EXTRA_POSITIONS}
    recipe = LESSONS[objective]
    shape = SHAPES[recipe.architecture]
    config = Config(shape.architecture, len(language.vocabulary), **sizes)
    both = type(recipe.candidate.__name__, (_WithoutMemory, recipe.candidate), {})
    return both(LibraryModel(model, config), language)
