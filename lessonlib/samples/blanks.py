"""Objectives of an encoder that looks at both sides: masked LM and its relatives."""

from collections.abc import Sequence
from dataclasses import replace

from lessonlib import checks
from lessonlib.samples.sample import Sample, encoder_only
from lessonlib.samples.special import MASK
from lessonlib.words import Words

WORDS = Words("samples")


def masked(
    tokens: Sequence[str], positions: Sequence[int], replacements: Sequence[str] | None = None
) -> Sample:
    """Say the original token at the chosen positions, having seen both sides of them.

    Each of `tokens` at `positions` is read as its share of `replacements`, or as ``[MASK]`` where
    there are none. BERT's 80/10/10 is a choice of replacements: the mask, a random word, or the
    token itself. Encoder-only; the chosen positions count. Source: Devlin et al. 2019 (BERT),
    section 3.1.

    >>> sample = masked(["a", "b", "c"], [1])
    >>> sample.inputs, sample.targets, sample.loss_mask
    (['a', '[MASK]', 'c'], ['a', 'b', 'c'], [False, True, False])
    """
    tokens = checks.tokens(tokens)
    positions = checks.positions(positions, len(tokens), in_order=replacements is not None)
    if replacements is None:
        replacements = [MASK] * len(positions)
    replacements = checks.tokens(replacements, least=0, name="replacements")
    if len(replacements) != len(positions):
        said = {
            "replacements": checks.shown(replacements),
            "strings": WORDS("errors.strings", count=len(replacements)),
            "positions": WORDS("errors.positions", count=len(positions)),
        }
        raise ValueError(WORDS("errors.replacements", **said))
    inputs = tokens[:]
    for position, replacement in zip(positions, replacements, strict=True):
        inputs[position] = replacement
    return encoder_only("masked", inputs, tokens, positions)


def masked_diffusion(tokens: Sequence[str], positions: Sequence[int]) -> Sample:
    """Say the tokens at the chosen positions, of which there may be few, many or all.

    The sample is that of :func:`masked`; what differs is how often how many are hidden, and what an
    answer counts. Training draws for each text a rate between 0 and 1, hides each of `tokens` with
    that chance, and divides the loss by the rate, so that a text with few blanks counts as much as
    one with many. `positions` came out of that. A model that fills all blanks, keeps some and goes
    over the rest again has written a text. Encoder-only; the chosen positions count. Source: Nie et
    al. 2025 (LLaDA), section 2.2; Sahoo et al. 2024 (MDLM), section 3.

    >>> masked_diffusion(["a", "b", "c"], [0, 1, 2]).inputs
    ['[MASK]', '[MASK]', '[MASK]']
    """
    return replace(masked(tokens, positions), objective="masked_diffusion")


def whole_word_masked(tokens: Sequence[str], words: Sequence[Sequence[int]]) -> Sample:
    """Hide whole words: all the pieces of a chosen word together.

    The sentence is given in pieces, `tokens`; each of `words` is the positions of its pieces, and
    no two share a position. Encoder-only; every piece of a chosen word counts. Source: Cui et al.
    2021, "Pre-Training with Whole Word Masking for Chinese BERT".

    >>> whole_word_masked(["un", "##like", "##ly", "so"], [[0, 1, 2]]).inputs
    ['[MASK]', '[MASK]', '[MASK]', 'so']
    """
    tokens = checks.tokens(tokens)
    named = []
    for index, word in enumerate(checks.members(words, "words", WORDS("wanted.words"))):
        wanted = WORDS("wanted.positions")
        pieces = checks.members(word, f"words[{index}]", wanted, in_order=False)
        if not pieces:
            raise ValueError(WORDS("errors.empty_word", index=index))
        named += [(f"words[{index}][{place}]", piece) for place, piece in enumerate(pieces)]
    positions = checks.places(named, len(tokens))
    return replace(masked(tokens, positions), objective="whole_word_masked")


def replaced_token_detection(
    tokens: Sequence[str], positions: Sequence[int], replacements: Sequence[str]
) -> Sample:
    """Say of each of `tokens` whether it was put there in place of another.

    One of `replacements` is read at each of `positions`; one that happens to be the original token
    counts as original. An exception among the samples: the targets are booleans, True for a token
    that was replaced. Encoder-only; every position counts. Source: Clark et al. 2020 (ELECTRA),
    section 2.

    >>> sample = replaced_token_detection(["the", "cat", "sat"], [1, 2], ["dog", "sat"])
    >>> sample.inputs, sample.targets
    (['the', 'dog', 'sat'], [False, True, False])
    """
    if replacements is None:  # unlike in masked LM, there is nothing to fall back on
        raise TypeError(WORDS("errors.no_replacements"))
    hidden = masked(tokens, positions, replacements)
    is_replaced = [new != old for new, old in zip(hidden.inputs, hidden.targets, strict=True)]
    everywhere = range(len(is_replaced))
    return encoder_only("replaced_token_detection", hidden.inputs, is_replaced, everywhere)
