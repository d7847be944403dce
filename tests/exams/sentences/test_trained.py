"""The models that come with the course can do what they practised."""

import pytest

from lessonlib.exams.measurement import NATIVE
from lessonlib.exams.sentences.abilities import EXAMS
from lessonlib.exams.sentences.trained import trained
from lessonlib.exams.sentences.unread import UNREAD, Asking

OWN = {"causal": "continuation", "masked": "blank", "span_corruption": "missing_span"}


@pytest.mark.parametrize("objective", OWN)
def test_a_stored_model_answers_what_it_practised(objective):
    candidate = trained(objective)
    ask, metric = EXAMS[OWN[objective]]
    asking = Asking(candidate.language.parts, 60, 7, (NATIVE,), (UNREAD,))
    scores = {found.metric: found.score for found, _ in ask(candidate, asking)}
    assert scores[metric] > 0.7
    never = candidate.never_pretrained(7)
    assert {found.metric: found.score for found, _ in ask(never, asking)}[metric] < 0.2
