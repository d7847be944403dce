"""The evidence card: what a learner can show about one objective, on one page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import count
from pathlib import Path

from lessonlib import checks
from lessonlib.attention import PATTERNS
from lessonlib.samples import Sample, objectives
from lessonlib.samples.registry import BOTH, DECODER, ENCODER
from lessonlib.styles import STYLE
from lessonlib.views.strips import strip, text_strip
from lessonlib.words import Words, language

ARCHITECTURES = (DECODER, ENCODER, BOTH)
FEWEST_WORDS = 4
WORDS = Words("evidence")


@dataclass(frozen=True)
class EvidenceCard:
    """What an objective asks, of which architecture, to what effect, and where that ends.

    The effect and the limitation are in the learner's words.
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
        sample = f"**{WORDS('training_sample')}:**\n\n{fence}text\n{drawn}\n{fence}"
        objective, *others = (f"**{name}:** {_as_markdown(text)}" for name, text in self._texts())
        return "\n\n".join([f"# {_as_markdown(self._title())}", objective, sample, *others])

    def to_html(self) -> str:
        """Write the card as a page of its own, which needs no other file."""
        title = escape(self._title())
        return (
            f'<!DOCTYPE html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n{STYLE}</head>\n"
            '<body style="max-width:980px;margin:2em auto;padding:0 1em;'
            'font:16px/1.5 system-ui,sans-serif">\n'
            f"<main>\n<h1>{title}</h1>\n{self._parts()}\n</main>\n</body>\n</html>\n"
        )

    def save(self, folder: str | Path) -> list[Path]:
        """Write the card into a folder, which is made if need be, as Markdown and as HTML.

        A different card that is there already stays; the new one then gets a number.
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
        return WORDS("title", objective=objectives[self.training_sample.objective].title)

    def _texts(self) -> Iterator[tuple[str, str]]:
        for name in ("objective", "architecture_fit", "behaviour_effect", "limitation"):
            yield WORDS(f"parts.{name}"), getattr(self, name)

    def _parts(self) -> str:
        heading = f"<p><strong>{WORDS('training_sample')}:</strong></p>"
        texts = (f"<p><strong>{name}:</strong> {escape(text)}</p>" for name, text in self._texts())
        objective, *others = texts
        return "\n".join([objective, heading, strip(self.training_sample), *others])

    def _repr_html_(self) -> str:
        return f"{STYLE}<p><strong>{escape(self._title())}</strong></p>\n{self._parts()}"

    def __repr__(self) -> str:
        return self.to_markdown()


def evidence_card(
    sample: Sample, *, architecture: str, behaviour_effect: str, limitation: str
) -> EvidenceCard:
    """Fill in an evidence card for one objective: what it teaches the model, and what it does not.

    The architecture is ``"decoder-only"``, ``"encoder-only"`` or ``"encoder-decoder"``, one that
    fits the sample. If something is missing or does not go together, TypeError or ValueError names
    all of it at once.
    """
    wrong = []
    for check, *given in (
        (_check_sample, sample),
        (_check_architecture, sample, architecture),
        (_check_text, "behaviour_effect", behaviour_effect),
        (_check_text, "limitation", limitation),
    ):
        try:
            check(*given)
        except (TypeError, ValueError) as error:
            wrong.append(error)
    if not wrong and _words(behaviour_effect) == _words(limitation):
        wrong.append(ValueError(WORDS("said_twice")))
    if wrong:
        kind = TypeError if any(isinstance(error, TypeError) for error in wrong) else ValueError
        raise kind("\n".join([WORDS("not_complete"), *(f"- {error}" for error in wrong)]))
    row = objectives[sample.objective]
    return EvidenceCard(
        objective=WORDS("rule", title=row.title, reads=row.reads, asked=row.asked),
        training_sample=sample,
        architecture_fit=f"{architecture.capitalize()}: {_fit(sample, architecture)}.",
        behaviour_effect=" ".join(behaviour_effect.split()),
        limitation=" ".join(limitation.split()),
    )


def _check_sample(sample: object) -> None:
    checks.instance(sample, "sample", Sample, WORDS("wanted.sample"))
    checks.one_of(sample.objective, "sample.objective", objectives)
    if not len(sample.inputs) == len(sample.targets) == len(sample.loss_mask):
        lengths = {name: len(getattr(sample, name)) for name in ("inputs", "targets", "loss_mask")}
        raise ValueError(WORDS("unequal", **lengths))
    if not any(sample.loss_mask):
        raise ValueError(WORDS("asks_nothing"))


def _check_architecture(sample: object, architecture: object) -> None:
    checks.one_of(architecture, "architecture", ARCHITECTURES)
    row = objectives.get(sample.objective) if isinstance(sample, Sample) else None
    if row and architecture not in row.architectures:
        reason = WORDS(f"misfit.{architecture}.{row.architectures[0]}")
        slots = {"given": architecture, "title": row.title, "fitting": row.architecture}
        raise ValueError(WORDS("does_not_fit", reason=reason, **slots))


def _check_text(name: str, text: object) -> None:
    checks.instance(text, name, str, WORDS("wanted.sentence"))
    slots, words = {"name": name, "text": checks.shown(text)}, _words(text)
    if words[:2] == _words(WORDS("placeholder"))[:2]:
        raise ValueError(WORDS("still_as_given", **slots))
    if len(words) < FEWEST_WORDS:
        raise ValueError(WORDS("too_short", count=len(words), least=FEWEST_WORDS, **slots))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _fit(sample: Sample, architecture: str) -> str:
    pattern = PATTERNS[sample.attention[0]]
    if architecture == pattern.architecture:
        return pattern.fits
    return WORDS(f"fits_in_another_form.{architecture}")


def _as_markdown(text: str) -> str:
    # Brackets and the like mean something beside these or at the start of a line only.
    return re.sub(r"([\\`*_\[\]~$])", r"\\\1", escape(text, quote=False))
