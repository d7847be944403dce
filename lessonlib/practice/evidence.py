"""The evidence card: what a learner can show about one objective, on one page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import count
from pathlib import Path

from lessonlib import checks
from lessonlib.attention import PATTERNS
from lessonlib.samples import Sample, objectives
from lessonlib.samples.registry import BOTH, DECODER, ENCODER
from lessonlib.styles import STYLE
from lessonlib.views.strips import strip, text_strip

ARCHITECTURES = (DECODER, ENCODER, BOTH)
FEWEST_WORDS = 4
PLACEHOLDER = ["replace", "this"]

_FIT_IN_ANOTHER_FORM = {
    DECODER: "one stack can read the source as a prefix, in both directions, and then write the "
    "targets behind it",
    BOTH: "an encoder can read the first part in both directions, and a decoder can write the rest",
}
# (what was given, what the objective's sample is made for): why that does not go together
_MISFIT = {
    (DECODER, ENCODER): "a decoder looks back only, but these questions count on both sides",
    (DECODER, BOTH): "a decoder alone has no second stack that reads the damaged text as a whole",
    (ENCODER, DECODER): "an encoder looks everywhere, so the token to be said would stand in "
    "plain sight",
    (ENCODER, BOTH): "an encoder gives one answer for each position that it reads, but this answer "
    "is a text of another length",
    (BOTH, DECODER): "there is one sequence only, and nothing that an encoder could read apart "
    "from it",
    (BOTH, ENCODER): "the answers belong to positions that an encoder has read already, so a "
    "decoder would have nothing to write",
}


@dataclass(frozen=True)
class EvidenceCard:
    """What an objective asks, of which architecture, to what effect, and where that ends.

    Attributes
    ----------
    objective : str
        The objective's title and rule.
    training_sample : Sample
        A sample that it makes of a sentence.
    architecture_fit : str
        An architecture that fits, and why.
    behaviour_effect : str
        What the objective teaches the model to do, in the learner's words.
    limitation : str
        What it does not teach, in the learner's words.
    """

    objective: str
    training_sample: Sample
    architecture_fit: str
    behaviour_effect: str
    limitation: str

    def to_markdown(self) -> str:
        """Write the card as Markdown, with the sample as aligned text."""
        drawn = text_strip(self.training_sample)
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", drawn)), default=0))
        before, after = list(self._texts())[:1], list(self._texts())[1:]
        return "\n\n".join(
            [
                f"# {_as_markdown(self._title())}",
                *(f"**{name}:** {_as_markdown(text)}" for name, text in before),
                f"**Training sample:**\n\n{fence}text\n{drawn}\n{fence}",
                *(f"**{name}:** {_as_markdown(text)}" for name, text in after),
            ]
        )

    def to_html(self) -> str:
        """Write the card as a page of its own, which needs no other file."""
        title = escape(self._title())
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n{STYLE}</head>\n"
            '<body style="max-width:980px;margin:2em auto;padding:0 1em;'
            'font:16px/1.5 system-ui,sans-serif">\n'
            f"<main>\n<h1>{title}</h1>\n{self._parts()}\n</main>\n</body>\n</html>\n"
        )

    def save(self, folder: str | Path) -> list[Path]:
        """Write the card into a folder, as Markdown and as HTML.

        A different card that is there already stays; the new one then gets a number.

        Parameters
        ----------
        folder : str or Path
            Where to; it is made if it does not exist.

        Returns
        -------
        list of Path
            The two files.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        contents = {".md": self.to_markdown() + "\n", ".html": self.to_html()}
        for number in count(1):
            stem = f"evidence_{self.training_sample.objective}{f'_{number}' if number > 1 else ''}"
            files = {folder / f"{stem}{ending}": text for ending, text in contents.items()}
            if all(not p.exists() or p.read_bytes() == t.encode() for p, t in files.items()):
                break
        for path, text in files.items():
            path.write_bytes(text.encode())
        return list(files)

    def _title(self) -> str:
        return f"Evidence card: {objectives[self.training_sample.objective].title}"

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield "Objective", self.objective
        yield "Architecture fit", self.architecture_fit
        yield "Behaviour effect", self.behaviour_effect
        yield "Limitation", self.limitation

    def _parts(self) -> str:
        objective, *others = (
            f"<p><strong>{name}:</strong> {escape(text)}</p>" for name, text in self._texts()
        )
        sample = f"<p><strong>Training sample:</strong></p>\n{strip(self.training_sample)}"
        return "\n".join([objective, sample, *others])

    def _repr_html_(self) -> str:
        return f"{STYLE}<p><strong>{escape(self._title())}</strong></p>\n{self._parts()}"

    def __repr__(self) -> str:
        return self.to_markdown()


def evidence_card(
    sample: Sample, *, architecture: str, behaviour_effect: str, limitation: str
) -> EvidenceCard:
    """Fill in an evidence card for one objective.

    Parameters
    ----------
    sample : Sample
        A training sample, best of a sentence of your own.
    architecture : str
        ``"decoder-only"``, ``"encoder-only"`` or ``"encoder-decoder"``; one that fits.
    behaviour_effect : str
        What the objective teaches the model to do: a sentence in your own words.
    limitation : str
        What the objective does not teach: another sentence in your own words.

    Returns
    -------
    EvidenceCard

    Raises
    ------
    TypeError, ValueError
        If something is missing or does not go together. The message names all of it at once.
    """
    wrong = _errors_of(
        partial(_check_sample, sample),
        partial(_check_architecture, sample, architecture),
        partial(_check_text, "behaviour_effect", behaviour_effect),
        partial(_check_text, "limitation", limitation),
    )
    if not wrong and _words(behaviour_effect) == _words(limitation):
        wrong.append(
            ValueError("limitation says the same as behaviour_effect; say what is *not* taught")
        )
    if wrong:
        kind = TypeError if any(isinstance(error, TypeError) for error in wrong) else ValueError
        raise kind("The card is not complete yet:\n" + "\n".join(f"- {error}" for error in wrong))
    row = objectives[sample.objective]
    return EvidenceCard(
        objective=f"{row.title}: reads {row.reads}; is asked for {row.asked}.",
        training_sample=sample,
        architecture_fit=f"{architecture.capitalize()}: {_fit(sample, architecture)}.",
        behaviour_effect=" ".join(behaviour_effect.split()),
        limitation=" ".join(limitation.split()),
    )


def _errors_of(*attempts: Callable[[], None]) -> list[Exception]:
    errors: list[Exception] = []
    for attempt in attempts:
        try:
            attempt()
        except (TypeError, ValueError) as error:
            errors.append(error)
    return errors


def _check_sample(sample: object) -> None:
    checks.instance(sample, "sample", Sample, "what a builder made, such as causal(tokens)")
    checks.one_of(sample.objective, "sample.objective", objectives)
    if not len(sample.inputs) == len(sample.targets) == len(sample.loss_mask):
        raise ValueError(
            f"sample has {len(sample.inputs)} inputs, {len(sample.targets)} targets and "
            f"{len(sample.loss_mask)} places in its loss mask; these must be equally many"
        )
    if not any(sample.loss_mask):
        raise ValueError("sample asks nothing; make one with at least one question")


def _check_architecture(sample: object, architecture: object) -> None:
    checks.one_of(architecture, "architecture", ARCHITECTURES)
    row = objectives.get(sample.objective) if isinstance(sample, Sample) else None
    if row and architecture not in row.architectures:
        reason = _MISFIT[architecture, row.architectures[0]]
        raise ValueError(
            f"architecture={architecture!r} does not fit {row.title}: {reason}. "
            f"It fits {row.architecture}"
        )


def _check_text(name: str, text: object) -> None:
    checks.instance(text, name, str, "a sentence, as a string")
    said, words = f"{name}={checks.shown(text)}", _words(text)
    if words[:2] == PLACEHOLDER:
        raise ValueError(f"{said} is still what stood there; write a sentence of your own")
    if len(words) < FEWEST_WORDS:
        raise ValueError(
            f"{said} is too short, with {checks.counted(len(words), 'word')}; "
            f"write a sentence of {FEWEST_WORDS} words or more, in your own words"
        )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _fit(sample: Sample, architecture: str) -> str:
    pattern = PATTERNS[sample.attention[0]]
    return (
        pattern.fits if architecture == pattern.architecture else _FIT_IN_ANOTHER_FORM[architecture]
    )


def _as_markdown(text: str) -> str:
    # Brackets and the like mean something beside these or at the start of a line only.
    return re.sub(r"([\\`*_\[\]~$])", r"\\\1", escape(text, quote=False))
