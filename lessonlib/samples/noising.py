"""BART's ways to spoil a text; the decoder always writes the whole original."""

from collections.abc import Sequence
from itertools import chain

from lessonlib import checks
from lessonlib.samples.sample import Sample, each, encoder_decoder
from lessonlib.samples.spans import with_gaps
from lessonlib.samples.special import MASK
from lessonlib.words import Words

WORDS = Words("samples")


def token_deletion(tokens: Sequence[str], positions: Sequence[int]) -> Sample:
    """Drop tokens without a trace: the model must also find out where something is missing.

    Encoder-decoder; every position counts. Source: Lewis et al. 2020 (BART), section 2.2.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, at least 1 token.
    positions : sequence of int
        Which tokens are dropped, each 0..len(tokens)-1 and at most once; none is allowed.

    Examples
    --------
    >>> token_deletion(["a", "b", "c"], [1]).source
    ['a', 'c']
    """
    tokens = checks.tokens(tokens)
    dropped = set(checks.positions(positions, len(tokens)))
    places = [place for place in each(len(tokens)) if place[0] not in dropped]
    source = [tokens[position] for position, _ in places]
    return encoder_decoder("token_deletion", source, tokens, places)


def text_infilling(tokens: Sequence[str], spans: Sequence[tuple[int, int]]) -> Sample:
    """Replace each span by a single mask: the model must also find out how much is missing.

    A span of length 0 puts in a mask where nothing is missing. Spans that touch keep one mask each.
    Encoder-decoder; every position counts. Source: Lewis et al. 2020 (BART), section 2.2.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, at least 1 token.
    spans : sequence of (int, int)
        Half-open pairs ``start <= end <= len(tokens)`` from left to right without overlap; none
        is allowed.

    Examples
    --------
    >>> text_infilling(["a", "b", "c", "d"], [(1, 3), (4, 4)]).source
    ['a', '[MASK]', 'd', '[MASK]']
    """
    tokens = checks.tokens(tokens)
    spans = checks.spans(spans, len(tokens), empty_allowed=True)
    source = with_gaps(tokens, spans, [MASK] * len(spans))
    places = with_gaps(each(len(tokens)), spans, spans)
    return encoder_decoder("text_infilling", source, tokens, places)


def sentence_permutation(sentences: Sequence[Sequence[str]], order: Sequence[int]) -> Sample:
    """Shuffle the sentences of a text; the model must put them back in order.

    Encoder-decoder; every position counts. Source: Lewis et al. 2020 (BART), section 2.2.

    Parameters
    ----------
    sentences : sequence of sequences of str
        The text, at least 1 sentence, each of at least 1 token.
    order : sequence of int
        The sentences in the order in which the encoder reads them: each of
        0..len(sentences)-1 once.

    Examples
    --------
    >>> sample = sentence_permutation([["a", "b"], ["c"]], [1, 0])
    >>> sample.source, sample.targets
    (['c', 'a', 'b'], ['a', 'b', 'c'])
    """
    listed = checks.members(sentences, "sentences", WORDS("wanted.sentences"))
    if not listed:
        raise ValueError(WORDS("errors.no_sentences"))
    sentences = [checks.tokens(s, name=f"sentences[{index}]") for index, s in enumerate(listed)]
    order = checks.order(order, len(sentences))
    tokens = list(chain.from_iterable(sentences))
    rest = iter(each(len(tokens)))
    stretches = [[next(rest) for _ in sentence] for sentence in sentences]
    places = list(chain.from_iterable(stretches[index] for index in order))
    source = [tokens[position] for position, _ in places]
    return encoder_decoder("sentence_permutation", source, tokens, places)


def document_rotation(tokens: Sequence[str], offset: int) -> Sample:
    """Start the text at another token; the model must find its real beginning.

    Encoder-decoder; every position counts. Source: Lewis et al. 2020 (BART), section 2.2.

    Parameters
    ----------
    tokens : sequence of str
        The text, at least 1 token.
    offset : int
        Position of the token that comes first, 0..len(tokens)-1; 0 leaves the text as it is.

    Examples
    --------
    >>> document_rotation(["a", "b", "c"], 1).source
    ['b', 'c', 'a']
    """
    tokens = checks.tokens(tokens)
    offset = checks.integer(offset, "offset", 0, len(tokens) - 1)
    stay = each(len(tokens))
    places = stay[offset:] + stay[:offset]
    return encoder_decoder("document_rotation", tokens[offset:] + tokens[:offset], tokens, places)
