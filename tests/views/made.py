"""Rows of every experiment in the agreed form, with scores that follow from a rule."""

from itertools import product

from lessonlib.exams.results.rows import complete, write
from lessonlib.exams.sentences.cells import cells, recipe

SEEDS = (0, 1, 2, 3, 4)
METRICS = {
    "continuation": ("valid", "top1", "cross_entropy"),
    "blank": ("top1", "cross_entropy"),
    "missing_span": ("exact", "cross_entropy"),
    "matching": ("retrieved", "retrieved_with_twins", "told_from_twin"),
    "classification": ("right", "ranked"),
    "rewriting": ("paraphrase", "shorten"),
}
OWN = {"causal": "continuation", "masked": "blank", "span_corruption": "missing_span"}
THREE = tuple(OWN)


def row(score, **more):
    """Make a row of which the raw number is the score."""
    who = {"answer": "native", "meanings": "unread", "questions": 10, "forward_passes": 1.0}
    told = {"experiment": "", "objective": "causal", "seed": 0, "raw": score, "chance": 0.0}
    return complete(who | told | {"oracle": 1.0, "version": "1", "train_seconds": 1.0} | more)


def practised(objective, shape):
    """What rows of the exam say of a cell."""
    one = recipe(objective, shape, 0.004)
    trains = one.make_batch is not None
    about = {"learning_rate": 0.004 if trains else None, "loss": 0.75 if trains else None}
    sizes = {"weights": 108_352, "sentences": 128_000, "labels": 5.0}
    names = {"objective": objective, "architecture": shape}
    return {**names, **dict(one.about), **sizes, **about, "steps": 2000}


def score(objective, shape, ability, metric, seed):
    """Own ability well, others poorly; cross-entropies are kinder; seeds differ by a hundredth."""
    base = 0.9 if OWN.get(objective) == ability else 0.2
    kinder = 0.05 if metric == "cross_entropy" else 0.0
    return base + kinder + 0.01 * seed + 0.02 * (shape == "prefix decoder")


def exam():
    """The large exam: all cells."""
    for (objective, shape), seed in product(cells(), SEEDS):
        about = practised(objective, shape) | {"seed": seed, "experiment": "exam"}
        for ability, metrics in METRICS.items():
            if ability == "rewriting" and not about["usual"]:
                continue
            for metric, meanings in product(metrics, ("read", "unread")):
                more = {"ability": ability, "metric": metric, "meanings": meanings}
                own = score(objective, shape, ability, metric, seed)
                if ability in ("matching", "classification"):
                    more["chosen"] = "encoder.0, mean"
                yield row(own + 0.03 * (meanings == "read"), **about | more)
                if ability == "matching":
                    for name in ("word_vectors", "bag of words"):
                        yield row(own - 0.1, **about | more | {"chosen": None, "baseline": name})
                if ability == "rewriting" and objective == "masked":
                    yield row(own + 0.2, **about | more | {"answer": "workaround"})


def search():
    """A loss for each cell and rate."""
    for objective, shape in cells():
        about = {"experiment": "search", "ability": "practice", "metric": "cross_entropy"}
        if practised(objective, shape)["loss"] is not None:
            told = practised(objective, shape) | about | {"seed": 100, "loss": None}
            yield row(0.8, **told | {"chance": None, "oracle": None, "meanings": None})


def some(experiment, *places, **more):
    """Three objectives, five seeds, and every combination of what rows have besides."""
    names = [name for name, _ in places]
    for objective, seed, *values in product(THREE, SEEDS, *(found for _, found in places)):
        about = {"experiment": experiment, "objective": objective, "seed": seed}
        extra = dict(zip(names, values, strict=True))
        own = 0.3 + 0.1 * THREE.index(objective) + 0.01 * seed
        yield row(own, **about | more | extra)


def english():
    """Nats of three objectives and lengths, and two changes."""
    about = {"oracle": None, "chance": 5.0, "metric": "cross_entropy", "meanings": None}
    for one in some(
        "real_english", ("ability", tuple(METRICS)[:3]), ("steps", (2000, 20_000)), **about
    ):
        if one["seed"] < 2:
            yield one | {"factor": "length", "raw": 4 - one["raw"] - one["steps"] / 20_000}
            changed = one["objective"] == "span_corruption" and one["steps"] == 2000
            for factor in ("architecture", "layers") if changed and not one["seed"] else ():
                yield one | {"factor": factor, "raw": 2.5}


STARTS = ("start", ("pretrained", "never pretrained"))
PAIRS = ("metric", METRICS["matching"])
MADE = {
    "exam": exam,
    "search": search,
    "real_english": english,
    "contrastive": lambda: some(
        "contrastive", PAIRS, STARTS, ("examples", (0, 128)), ability="matching"
    ),
    "fine_tuning": lambda: some(
        "fine_tuning", ("ability", ("classification", "extraction", "matching")), STARTS,
        ("examples", (8, 32, 128, 512)), metric="right",
    ),
    "feature_grid": lambda: (
        one | {"metric": metric}
        for one in some(
            "feature_grid", ("layer", ("encoder.0", "encoder.1")),
            ("pooling", ("mean", "max", "last")), ability="matching",
        )
        for metric in METRICS["matching"]
    ),
    "text_to_text": lambda: (
        one | {"metric": one["ability"]}
        for one in some("text_to_text", ("ability", ("answer", "translate", "long_text")))
    ),
    "signal_density": lambda: (
        one
        | {"tokens": 800 * one["steps"], "labels_in_all": 300 * one["steps"]}
        | {"raw": one["raw"] + 0.05 * (metric == "cross_entropy")}
        for name in THREE
        for metric in METRICS[OWN[name]]
        for one in some("signal_density", ("steps", (125, 250)), metric=metric, ability=OWN[name])
        if one["objective"] == name
    ),
    "instructions": lambda: (
        one | {"answers_of_examples": answers}
        for one in some(
            "instructions", ("practice", ("none", "who_gets")), ("examples", (0, 1, 2, 3)),
            ability="who_gives", metric="right",
        )
        for answers in (("right", "others") if one["examples"] else ("right",))
        if one["objective"] == "causal"
    ),
}  # fmt: skip


def write_all(folder):
    """Store them all, as results of the course are stored."""
    for name, made in MADE.items():
        versions = {"python": "3", "numpy": "2", "lessonlib": "1"}
        primary = {ability: metrics[0] for ability, metrics in METRICS.items()}
        about = {"primary": primary} if name == "exam" else {}
        write(folder / f"{name}.json", made(), versions=versions, **about)
