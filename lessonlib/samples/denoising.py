"""Objectives of an encoder-decoder that repairs a text: span corruption, UL2's and BART's noises.

The decoder writes what is missing (span corruption, UL2) or the whole original (BART).
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from typing import TypeVar

from lessonlib import checks
from lessonlib.samples.sample import Place, Sample, each, encoder_decoder
from lessonlib.samples.special import MASK, MODE, sentinel
from lessonlib.words import Words

WORDS = Words("samples")

Item = TypeVar("Item")


def span_corruption(tokens: Sequence[str], spans: Sequence[tuple[int, int]]) -> Sample:
    """Write the hidden `spans` of `tokens`, each behind the sentinel that stands for it.

    One more sentinel closes the targets. Spans that touch leave nothing to read between them; they
    are one gap and get one sentinel. Encoder-decoder; every position counts. Source: Raffel et al.
    2020 (T5), section 3.1.4.

    >>> sample = span_corruption(["a", "b", "c", "d"], [(1, 3)])
    >>> sample.source, sample.targets
    (['a', '<extra_id_0>', 'd'], ['<extra_id_0>', 'b', 'c', '<extra_id_1>'])
    """
    tokens = checks.tokens(tokens)
    spans = _merged(checks.spans(spans, len(tokens)))
    source, places = with_gaps(tokens, spans, [sentinel(k) for k in range(len(spans))])
    targets = []
    for k, (start, end) in enumerate(spans):
        targets += [sentinel(k), *tokens[start:end]]
    targets += [sentinel(len(spans))]
    return encoder_decoder("span_corruption", source, targets, places)


def ul2(
    tokens: Sequence[str], denoiser: str, spans: Sequence[tuple[int, int]], bare_end: bool = True
) -> Sample:
    """Practise one of three kinds of denoising, named by a mode token in front of the source.

    With the `denoiser` R (regular) or X (extreme: long or many spans), `tokens` and `spans` are
    those of :func:`span_corruption`. S (sequential) takes one span, to the end, and is a prefix LM:
    the encoder reads the prefix, the decoder writes the rest. With `bare_end` S does without
    sentinels; there must be a prefix then. Encoder-decoder; every position counts. Source: Tay et
    al. 2023, "UL2: Unifying Language Learning Paradigms", section 3.1.

    >>> ul2(["a", "b", "c"], "R", [(1, 2)]).source
    ['[R]', 'a', '<extra_id_0>', 'c']
    >>> sample = ul2(["a", "b", "c"], "S", [(1, 3)])
    >>> sample.source, sample.targets
    (['[S]', 'a'], ['b', 'c'])
    """
    mode = MODE[checks.one_of(denoiser, "denoiser", MODE)]
    is_bare = checks.boolean(bare_end, "bare_end") and denoiser == "S"
    tokens = checks.tokens(tokens, least=2 if is_bare else 1)
    if denoiser == "S":
        split = _start_of_the_rest(spans, len(tokens), least=int(is_bare))
    if is_bare:
        source, targets, places = tokens[:split], tokens[split:], each(split)
    else:
        sample = span_corruption(tokens, spans)
        source, targets, places = sample.source, sample.targets, sample.places
    return encoder_decoder("ul2", [mode, *source], targets, [None, *places])


def text_infilling(tokens: Sequence[str], spans: Sequence[tuple[int, int]]) -> Sample:
    """Replace each of the `spans` by a single mask: the model must find out how much is missing.

    A span of length 0 puts a mask into `tokens` where nothing is missing. Spans that touch keep one
    mask each. Encoder-decoder; every position counts. Source: Lewis et al. 2020 (BART), section
    2.2.

    >>> text_infilling(["a", "b", "c", "d"], [(1, 3), (4, 4)]).source
    ['a', '[MASK]', 'd', '[MASK]']
    """
    tokens = checks.tokens(tokens)
    spans = checks.spans(spans, len(tokens), empty_allowed=True)
    source, places = with_gaps(tokens, spans, [MASK] * len(spans))
    return encoder_decoder("text_infilling", source, tokens, places)


def token_deletion(tokens: Sequence[str], positions: Sequence[int]) -> Sample:
    """Drop the `tokens` at `positions`: the model must also find out where something is missing.

    Encoder-decoder; every position counts. Source: Lewis et al. 2020 (BART), section 2.2.

    >>> token_deletion(["a", "b", "c"], [1]).source
    ['a', 'c']
    """
    tokens = checks.tokens(tokens)
    dropped = set(checks.positions(positions, len(tokens)))
    return _moved("token_deletion", tokens, [k for k in range(len(tokens)) if k not in dropped])


def sentence_permutation(sentences: Sequence[Sequence[str]], order: Sequence[int]) -> Sample:
    """Read the `sentences` of a text in another `order`; the model must put them back.

    There is at least 1 sentence, each of at least 1 token. Encoder-decoder; every position counts.
    Source: Lewis et al. 2020 (BART), section 2.2.

    >>> sample = sentence_permutation([["a", "b"], ["c"]], [1, 0])
    >>> sample.source, sample.targets
    (['c', 'a', 'b'], ['a', 'b', 'c'])
    """
    sentences = checks.texts(sentences, "sentences")
    order = checks.order(order, len(sentences))
    tokens = list(chain.from_iterable(sentences))
    positions = iter(range(len(tokens)))
    stretches = [[next(positions) for _ in sentence] for sentence in sentences]
    moved = chain.from_iterable(stretches[index] for index in order)
    return _moved("sentence_permutation", tokens, moved)


def gap_sentences(sentences: Sequence[Sequence[str]], chosen: Sequence[int]) -> Sample:
    """Write the `chosen` ones of the `sentences` of a text, each of which is read as one mask.

    There is at least 1 sentence, each of at least 1 token, and at least 1 is chosen; they are
    written in the order of the text. Training chooses those that :func:`principal` returns: what
    is missing is then much like a summary. Encoder-decoder; every position counts. Source: Zhang et
    al. 2020 (PEGASUS), section 3.1.

    >>> sample = gap_sentences([["a", "b"], ["c"]], [0])
    >>> sample.source, sample.targets
    (['[MASK]', 'c'], ['a', 'b'])
    """
    sentences = checks.texts(sentences, "sentences")
    chosen = sorted(checks.positions(chosen, len(sentences), "chosen"))
    if not chosen:
        raise ValueError(WORDS("errors.none_chosen"))
    ends = [*accumulate(map(len, sentences), initial=0)]
    tokens = [*chain.from_iterable(sentences)]
    gaps = [(ends[index], ends[index + 1]) for index in chosen]
    source, places = with_gaps(tokens, gaps, [MASK] * len(gaps))
    written = [token for index in chosen for token in sentences[index]]
    return encoder_decoder("gap_sentences", source, written, places)


def document_rotation(tokens: Sequence[str], offset: int) -> Sample:
    """Read `tokens` from position `offset` on; the model must find the real beginning.

    What stood before it comes last. Encoder-decoder; every position counts. Source: Lewis et al.
    2020 (BART), section 2.2.

    >>> document_rotation(["a", "b", "c"], 1).source
    ['b', 'c', 'a']
    """
    tokens = checks.tokens(tokens)
    offset = checks.integer(offset, "offset", 0, len(tokens) - 1)
    return _moved("document_rotation", tokens, [*range(offset, len(tokens)), *range(offset)])


def with_gaps(
    tokens: list[str], spans: list[tuple[int, int]], markers: Sequence[str]
) -> tuple[list[str], list[Place]]:
    """Replace each span by its marker; return what is read then, and where it comes from."""
    stay = each(len(tokens))
    return _gapped(tokens, spans, markers), _gapped(stay, spans, spans)


def _gapped(items: list[Item], spans: list[tuple[int, int]], markers: Sequence[Item]) -> list[Item]:
    gapped = []
    kept_from = 0
    for (start, end), marker in zip(spans, markers, strict=True):
        gapped += [*items[kept_from:start], marker]
        kept_from = end
    return gapped + items[kept_from:]


def _moved(objective: str, tokens: list[str], positions: Iterable[int]) -> Sample:
    """Read the tokens at these positions; write the whole original."""
    places = [(position, position + 1) for position in positions]
    return encoder_decoder(objective, [tokens[start] for start, _ in places], tokens, places)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            start, _ = merged.pop()
        merged.append((start, end))
    return merged


def _start_of_the_rest(spans: Sequence[tuple[int, int]], length: int, least: int) -> int:
    spans = checks.spans(spans, length)
    if len(spans) != 1 or spans[0][0] < least or spans[0][1] != length:
        bounds = {"length": length, "least": least, "last": length - 1}
        raise ValueError(WORDS("errors.s_denoiser", spans=checks.shown(spans), **bounds))
    return spans[0][0]
