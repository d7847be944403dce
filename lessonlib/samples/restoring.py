"""From any sample back to its text."""

from lessonlib import checks
from lessonlib.samples.pictures import picture_objectives
from lessonlib.samples.registry import WORDS, objectives
from lessonlib.samples.sample import Sample


def restore(sample: Sample) -> list[str]:
    """Rebuild the original text from what the sample shows: inputs and the targets that count.

    That this works means that the objective hides nothing for good: everything that is missing
    from the inputs is asked for. It works for every objective, with these limits:

    - replaced-token detection only where nothing was replaced, because its targets say that a
      token was exchanged and not for which;
    - GLM with at most one span, because the masks all look the same and only the positions
      (:func:`lessonlib.samples.glm_positions`) say which span belongs to which;
    - gap sentences only where one sentence is missing, because nothing says where the next begins;
    - span corruption, UL2, filling in the middle, GLM and the objectives on pictures not where
      the text itself contains one of the special tokens that the sample uses as a marker.

    Sentences and documents come in one list; a picture gives its patches, then its caption.
    ValueError if fields do not fit each other, or leave more than one answer.

    >>> restore(objectives["causal"].example())[:2]
    ['transformer', 'models']
    """
    checks.instance(sample, "sample", Sample, WORDS("wanted.sample"))
    known = objectives | picture_objectives
    checks.one_of(sample.objective, "sample.objective", known)
    sizes = {name: len(getattr(sample, name)) for name in ("inputs", "targets", "loss_mask")}
    if len(set(sizes.values())) > 1 or not sample.targets:
        raise ValueError(WORDS("restore.lengths", **sizes))
    return known[sample.objective].inverse(sample)
