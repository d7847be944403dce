"""Random texts, and for each objective everything that its builder could be asked to do."""

from hypothesis import settings
from hypothesis import strategies as st

from lessonlib.samples import EOP, MASK, MID, MODE, PRE, SOP, START, SUF, sentinel

SPECIAL = [MASK, START, PRE, SUF, MID, SOP, EOP, *MODE.values(), *map(sentinel, range(4))]

PLAIN = ["a", "b", "the", "é", "猫", "##ly", "two words", "", "None", "MASK"]

plain_words = st.sampled_from(PLAIN)
awkward_words = st.sampled_from(PLAIN + SPECIAL)

#: As many examples as find a wrong builder, and no clock: a busy machine is no failure.
few = settings(max_examples=25, deadline=None)


@st.composite
def positions(draw, length):
    return draw(st.lists(st.integers(0, length - 1), unique=True, max_size=length))


@st.composite
def spans(draw, length, empty_allowed=False):
    bounds = sorted(draw(st.lists(st.integers(0, length), max_size=10)))
    pairs = list(zip(bounds[::2], bounds[1::2], strict=False))
    return [(start, end) for start, end in pairs if start < end or empty_allowed]


@st.composite
def causal(draw, word):
    return (draw(st.lists(word, min_size=2, max_size=9)),)


@st.composite
def multi_token(draw, word):
    (tokens,) = draw(causal(word))
    return tokens, draw(st.integers(1, len(tokens) - 1))


@st.composite
def several(draw, word):
    return (draw(st.lists(st.lists(word, min_size=1, max_size=3), min_size=1, max_size=4)),)


@st.composite
def packed(draw, word):
    (documents,) = draw(several(word))
    return documents, draw(st.booleans())


@st.composite
def masked_diffusion(draw, word):
    (tokens,) = draw(texts(word))
    return tokens, draw(positions(len(tokens)))


@st.composite
def masked(draw, word):
    (tokens,) = draw(texts(word))
    chosen = draw(positions(len(tokens)))
    replaced = st.lists(word, min_size=len(chosen), max_size=len(chosen))
    return tokens, chosen, draw(st.none() | replaced)


@st.composite
def whole_word_masked(draw, word):
    (tokens,) = draw(texts(word))
    chosen = draw(positions(len(tokens)))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(chosen) - 1)))))
    bounds = zip([0, *cuts], [*cuts, len(chosen)], strict=True)
    return tokens, [chosen[start:end] for start, end in bounds if chosen[start:end]]


@st.composite
def replaced_token_detection(draw, word):
    (tokens,) = draw(texts(word))
    chosen = draw(positions(len(tokens)))
    return tokens, chosen, [draw(word | st.just(tokens[position])) for position in chosen]


@st.composite
def texts(draw, word):
    return (draw(st.lists(word, min_size=1, max_size=9)),)


@st.composite
def span_corruption(draw, word):
    (tokens,) = draw(texts(word))
    return tokens, draw(spans(len(tokens)))


@st.composite
def text_infilling(draw, word):
    (tokens,) = draw(texts(word))
    return tokens, draw(spans(len(tokens), empty_allowed=True))


@st.composite
def ul2(draw, word):
    (tokens,) = draw(causal(word))
    denoiser = draw(st.sampled_from("RSX"))
    to_the_end = st.integers(1, len(tokens) - 1).map(lambda start: [(start, len(tokens))])
    hidden = draw(to_the_end if denoiser == "S" else spans(len(tokens)))
    return tokens, denoiser, hidden, draw(st.booleans())


@st.composite
def prefix_lm(draw, word):
    (tokens,) = draw(causal(word))
    split = draw(st.integers(1, len(tokens) - 1))
    return tokens, split, draw(st.sampled_from(["decoder-only", "encoder-decoder"]))


@st.composite
def fill_in_middle(draw, word):
    (tokens,) = draw(texts(word))
    cut = st.integers(0, len(tokens))
    return tokens, draw(cut), draw(cut), draw(st.sampled_from(["psm", "spm"])), draw(st.booleans())


@st.composite
def token_deletion(draw, word):
    (tokens,) = draw(texts(word))
    return tokens, draw(positions(len(tokens)))


@st.composite
def sentence_permutation(draw, word):
    (sentences,) = draw(several(word))
    return sentences, draw(st.permutations(range(len(sentences))))


@st.composite
def gap_sentences(draw, word):
    (sentences,) = draw(several(word))
    return sentences, draw(positions(len(sentences)).filter(bool))


@st.composite
def document_rotation(draw, word):
    (tokens,) = draw(texts(word))
    return tokens, draw(st.integers(0, len(tokens) - 1))


@st.composite
def permutation_lm(draw, word):
    (tokens,) = draw(texts(word))
    order = draw(st.permutations(range(len(tokens))))
    return tokens, order, draw(positions(len(tokens)))


@st.composite
def glm(draw, word):
    tokens, hidden = draw(span_corruption(word))
    return tokens, hidden, draw(st.permutations(range(len(hidden))))


#: For each objective a strategy of the builder's arguments, given a strategy of words.
arguments = {
    strategy.__name__: strategy
    for strategy in (
        causal,
        document_rotation,
        fill_in_middle,
        gap_sentences,
        glm,
        masked,
        masked_diffusion,
        multi_token,
        packed,
        permutation_lm,
        prefix_lm,
        replaced_token_detection,
        sentence_permutation,
        span_corruption,
        text_infilling,
        token_deletion,
        ul2,
        whole_word_masked,
    )
}
