"""What the library `tokenizers` learns and how it cuts, stored for the tests in `pieces.json`.

    pip install tokenizers==0.23.3
    python -m tests.pieces.references

It is no dependency of the tests: with what it needs it would come to every learner, as one file
pins the packages of all. The corpora are drawn with a seed, so that a run makes the same file.
"""

import json
import random
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "pieces.json"
CORPORA, UNITS, LETTERS, TRAININGS = 14, 24, "abcde▁é", 4
ENGLISH = """
the objective decides what a model learns from a text and what it never learns at all
a tokenizer cuts a text into pieces before any model reads it and the pieces are what is hidden
masked models fill hidden pieces and causal models continue what they have read so far
hiding a single piece of a longer word hides little since its other pieces give it away
learning learned learner unlearned relearn hidden hiding hides hide reading reader readers reads
""".split()


def corpus(rng):
    """Draw units, often with stretches in common, and how often each occurs."""
    parts = ["".join(rng.choices(LETTERS, k=rng.randint(1, 4))) for _ in range(8)]
    units = {"".join(rng.choices(parts, k=rng.randint(1, 4))) for _ in range(UNITS)}
    return {unit: rng.randint(1, 300) for unit in sorted(units)}


def english(rng):
    words = dict.fromkeys(ENGLISH)
    return {f"▁{word}": 40 * ENGLISH.count(word) + rng.randint(0, 39) for word in words}


def trained(model, trainer, counts):
    from tokenizers import Tokenizer, pre_tokenizers

    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Split("\n", "removed")
    lines = (f"{unit}\n" * count for unit, count in counts.items())
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer, json.loads(tokenizer.to_str())["model"]


def cuts(model, units):
    return [[token.value for token in model.tokenize(unit)] for unit in units]


def case(counts, rng, merges):
    from tokenizers import models, trainers

    quiet = {"show_progress": False}
    letters = {letter for unit in counts for letter in unit}
    others = [*counts, *("".join(rng.choices(LETTERS + "xñ猫", k=7)) for _ in range(20))]
    made = {"counts": counts, "units": others}

    trainer = trainers.BpeTrainer(vocab_size=len(letters) + merges, **quiet)
    _, stored = trained(models.BPE(), trainer, counts)
    learned = [tuple(pair) for pair in stored["merges"]]
    vocabulary = stored["vocab"]
    for byte in range(256):
        vocabulary.setdefault(f"<0x{byte:02X}>", len(vocabulary))
    model = models.BPE(vocab=vocabulary, merges=learned, byte_fallback=True)
    made |= {"merges": learned, "byte_pairs": cuts(model, others)}

    words = {}
    for unit, count in counts.items():
        words[unit.removeprefix("▁")] = words.get(unit.removeprefix("▁"), 0) + count
    words.pop("", None)
    plain = sorted({letter for word in words for letter in word})
    inside = sorted({f"##{letter}" for word in words for letter in word[1:]})
    first = [*plain, *inside]  # or else ties are broken by the order of a hash table
    size = len(first) + merges
    trainer = trainers.WordPieceTrainer(vocab_size=size, special_tokens=first, **quiet)
    _, stored = trained(models.WordPiece(unk_token="[UNK]"), trainer, words)
    vocabulary = {piece: number for number, piece in enumerate(["[UNK]", *sorted(stored["vocab"])])}
    model = models.WordPiece(vocab=vocabulary, unk_token="[UNK]")
    plain = [unit.removeprefix("▁") for unit in others if unit != "▁"]
    made |= {"vocabulary": sorted(stored["vocab"]), "words": plain}
    made |= {"word_pieces": cuts(model, plain)}

    size, scores = settled(counts, [len(letters) + more for more in rng.sample(range(3, 15), 12)])
    others_too = ["<unk>", *(f"<0x{byte:02X}>" for byte in range(256))]
    worst = [(piece, min(scores.values())) for piece in others_too]
    model = models.Unigram([*worst, *scores.items()], unk_id=0, byte_fallback=True)
    return made | {"size": size, "scores": scores, "unigram": cuts(model, others)}


def settled(counts, sizes):
    """Return the first size for which several trainings end alike, and the scores.

    Elsewhere pieces are equally good, and the order of a hash table decides which of them stays.
    """
    from tokenizers import models, trainers

    for size in sizes:
        trainer = trainers.UnigramTrainer(vocab_size=size, special_tokens=[], show_progress=False)
        runs = [trained(models.Unigram(), trainer, counts)[1]["vocab"] for _ in range(TRAININGS)]
        rounded = {frozenset((piece, round(score, 2)) for piece, score in run) for run in runs}
        if len(rounded) == 1:
            return size, dict(map(tuple, runs[0]))
    raise ValueError(f"no size settles for {counts}")


def main():
    import tokenizers

    rng = random.Random(15)
    cases = [case(corpus(rng), rng, rng.randint(1, 25)) for _ in range(CORPORA)]
    cases.append(case(english(rng), rng, 120))
    made = {
        "produced_by": "tokenizers: BpeTrainer, WordPieceTrainer, UnigramTrainer and their models",
        "version": tokenizers.__version__,
        "cases": cases,
    }
    FILE.write_text(json.dumps(made, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{FILE.name}: {len(cases)} cases, {FILE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
