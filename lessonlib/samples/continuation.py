"""Objectives of a decoder that writes on: causal LM and its relatives."""

from collections.abc import Sequence
from dataclasses import replace

from lessonlib import checks
from lessonlib.samples.sample import Sample, decoder_only, each, encoder_decoder
from lessonlib.samples.special import END, MID, PRE, SUF
from lessonlib.words import Words

WORDS = Words("samples")


def causal(tokens: Sequence[str]) -> Sample:
    """Say the next of `tokens` at every position, having seen only the past.

    Takes 2 tokens or more: one to read and one to say. Decoder-only; every position counts.
    Source: Radford et al. 2018 (GPT), section 3.1.

    >>> sample = causal(["a", "b", "c"])
    >>> sample.inputs, sample.targets
    (['a', 'b'], ['b', 'c'])
    """
    return decoder_only("causal", checks.tokens(tokens, least=2))


def multi_token(tokens: Sequence[str], ahead: int) -> Sample:
    """Say the next `ahead` of `tokens` at every position, having seen only the past.

    Each answer has a head of its own on the same stack. An exception among the samples: a target
    is a tuple of tokens, shorter where the text ends; `ahead` is less than the length of the text.
    Decoder-only; every position counts. Source: Gloeckle et al. 2024, "Better & Faster Large
    Language Models via Multi-token Prediction", section 2.

    >>> sample = multi_token(["a", "b", "c"], 2)
    >>> sample.inputs, sample.targets
    (['a', 'b'], [('b', 'c'), ('c',)])
    """
    tokens = checks.tokens(tokens, least=2)
    ahead = checks.integer(ahead, "ahead", 1, len(tokens) - 1)
    sample = decoder_only("multi_token", tokens)
    targets = [tuple(tokens[place : place + ahead]) for place in range(1, len(tokens))]
    return replace(sample, targets=targets)


def packed(documents: Sequence[Sequence[str]], across: bool = False) -> Sample:
    """Continue several `documents` that share one window, each closed by an end token.

    There is at least 1 document, each of at least 1 token, and none has the end token in it. A
    position looks back into its own document only, and nothing is asked where another document
    begins; or else it looks `across`, as in one long text, and everything counts. Decoder-only.
    Source: Brown et al. 2020 (GPT-3), appendix B, looks across; Zhao et al. 2024, "Analysing The
    Impact of Sequence Composition on Language Model Pre-Training", section 3, does not.

    >>> sample = packed([["a", "b"], ["c"]])
    >>> sample.inputs, sample.targets
    (['a', 'b', '</s>', 'c'], ['b', '</s>', 'c', '</s>'])
    >>> sample.loss_mask
    [True, True, False, True]
    """
    texts = checks.texts(documents, "documents")
    stray = next((n for n, text in enumerate(texts) if END in text), None)
    if stray is not None:
        raise ValueError(WORDS("errors.end_inside", index=stray, end=END))
    lengths = [len(text) + 1 for text in texts]
    window = [token for text in texts for token in (*text, END)]
    position = iter(each(sum(lengths)))
    places = [place for text in texts for place in (*(next(position) for _ in text), None)]
    sample = decoder_only("packed", window, places=places[:-1])
    if checks.boolean(across, "across"):
        return sample
    *others, last = lengths
    within = [token != END for token in sample.inputs]
    return replace(sample, loss_mask=within, attention=("documents", *others, last - 1))


def prefix_lm(tokens: Sequence[str], split: int, architecture: str = "decoder-only") -> Sample:
    """Read the first `split` of `tokens` in both directions and write the rest, left to right.

    Neither part is empty. The `architecture` is one stack with a mask that is open over the prefix
    ("decoder-only"), or an encoder that reads and a decoder that writes ("encoder-decoder"). Only
    the tokens behind the prefix count. Source: Raffel et al. 2020 (T5), sections 3.2.1 and 3.2.3.

    >>> sample = prefix_lm(["a", "b", "c", "d"], 2)
    >>> sample.inputs, sample.targets, sample.loss_mask
    (['a', 'b', 'c'], ['b', 'c', 'd'], [False, True, True])
    >>> prefix_lm(["a", "b", "c", "d"], 2, "encoder-decoder").source
    ['a', 'b']
    """
    tokens = checks.tokens(tokens, least=2)
    split = checks.integer(split, "split", 1, len(tokens) - 1)
    checks.one_of(architecture, "architecture", ("decoder-only", "encoder-decoder"))
    if architecture == "encoder-decoder":
        return encoder_decoder("prefix_lm", tokens[:split], tokens[split:], each(split))
    # The first token behind the prefix is the target of the last position inside it.
    return decoder_only("prefix_lm", tokens, loss_from=split - 1, prefix=split)


def fill_in_middle(
    tokens: Sequence[str], start: int, end: int, order: str = "psm", closed: bool = False
) -> Sample:
    """Move the middle of a text to its end, so that writing on means filling in.

    `tokens` are cut at `start` and `end` (in either order) into prefix, middle and suffix, any of
    which may be empty. The `order` is prefix first, "psm" (``PRE prefix SUF suffix MID middle``),
    or suffix first, "spm" (``PRE SUF suffix MID prefix middle``). An end token after the middle
    (`closed`) teaches a model where to stop. Decoder-only; every position counts. Source: Bavarian
    et al. 2022, "Efficient Training of Language Models to Fill in the Middle", section 3.

    >>> sample = fill_in_middle(["a", "b", "c"], 1, 2)
    >>> [*sample.inputs, sample.targets[-1]]
    ['<PRE>', 'a', '<SUF>', 'c', '<MID>', 'b']
    """
    tokens = checks.tokens(tokens)
    start = checks.integer(start, "start", 0, len(tokens))
    end = checks.integer(end, "end", 0, len(tokens))
    start, end = sorted((start, end))
    text = list(zip(tokens, each(len(tokens)), strict=True))
    prefix, middle, suffix = text[:start], text[start:end], text[end:]
    pre, suf, mid = (PRE, None), (SUF, None), (MID, None)
    if checks.one_of(order, "order", ("psm", "spm")) == "psm":
        sequence = [pre, *prefix, suf, *suffix, mid, *middle]
    else:
        sequence = [pre, suf, *suffix, mid, *prefix, *middle]
    if checks.boolean(closed, "closed"):
        sequence.append((END, None))
    moved, places = zip(*sequence, strict=True)
    return decoder_only("fill_in_middle", moved, places=list(places[:-1]))
