"""An explorer for pictures with captions: put things on a picture, see what objectives ask."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import combinations

import ipywidgets as widgets

from lessonlib.exams.scenes.candidates import PictureCandidate
from lessonlib.samples.pictures import (
    captioning,
    contrastive,
    image_text_matching,
    masked_multimodal,
    picture_objectives,
)
from lessonlib.views.explorers.base import RUN_THIS_CELL, OneView, choice, fold, slider
from lessonlib.views.explorers.layout import grid, without_drawings
from lessonlib.views.live import reading_card
from lessonlib.views.pictures import looks_picture, picture_strip, show_patches
from lessonlib.worlds.scenes import (
    COLOURS,
    COUNTS,
    GRID,
    PLACES,
    SHAPES,
    Scene,
    Thing,
    draw,
    is_complete,
    is_true,
    right_captions,
    to_patches,
)

INSIDE = "inside thing 1"
OTHERS_CAPTION = "the caption of another picture"
NAMES = {row.title: row.name for row in picture_objectives.values()}
NO_PATCHES_HIDDEN = "Plays no part here: only masked multimodal modelling hides patches."
STRANGER = "a yellow cross above a green circle"


def scene_of(things: Sequence[tuple[str, str, str]]) -> Scene:
    """Return the scene of things given as colour, shape and place.

    Parameters
    ----------
    things : sequence of (str, str, str)
        A place is a key of `PLACES` or "inside thing 1".

    Returns
    -------
    Scene

    Raises
    ------
    ValueError
        If things get into each other's place.
    """
    first_place = things[0][2]
    return Scene(
        tuple(
            Thing(colour, shape, first_place if place == INSIDE else place, place == INSIDE)
            for colour, shape, place in things
        )
    )


_FULLEST = [
    ("red", "square", "top left"),
    ("blue", "cross", "top right"),
    ("red", "circle", "bottom left"),
]
_LONGEST = "a blue cross left of a red square and left of a yellow triangle"


def answers_view(scene: Scene, students: Mapping[str, PictureCandidate]) -> str:
    """Ask trained models about a scene, and mark their answers with the key, as HTML.

    Parameters
    ----------
    scene : Scene
    students : mapping of str to PictureCandidate
        By objective.

    Returns
    -------
    str
        A table. Each model picks from some right captions of the scene and their likenesses with
        one or two words exchanged; those that can write also write a caption.
    """
    patches = to_patches(draw(scene))[None]
    options = _options(scene)
    rows = []
    for objective, student in students.items():
        (scores,) = student.choose(patches, [options])
        written = student.write(patches, [len(options[0])]) or [()]
        picked = options[int(scores.argmax())]
        rows.append([_title(objective), _marked(picked, scene), _marked(written[0], scene)])
    return _answers_table(rows, len(options))


def _answers_table(answers: Sequence[Sequence[str]], options: int) -> str:
    rows = []
    for head, *others in answers:
        columns = "".join(f'<td style="text-align:left">{cell}</td>' for cell in others)
        rows.append(f'<tr><th scope="row" style="text-align:left">{head}</th>{columns}</tr>')
    headings = ["trained with", f"picks, of {options} captions", "writes"]
    head = "".join(f'<th scope="col" style="text-align:left">{text}</th>' for text in headings)
    return (
        f"<p><strong>What trained models answer</strong></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def scene_view(scene: Scene, caption: str, objective: str, blanks: int, answers: str = "") -> str:
    """Draw a scene, what an objective makes of it with one of its captions, and who looks at whom.

    Parameters
    ----------
    scene : Scene
    caption : str
        One of its right captions, or another one for image-text matching.
    objective : str
        A key of `picture_objectives`.
    blanks : int
        How many patches masked multimodal modelling hides; of the words it hides every third.
    answers : str
        HTML to show beside the picture, such as what trained models answer.

    Returns
    -------
    str
        HTML, in five parts: what is said of the caption, the picture, the answers, who looks at
        whom, the sample.
    """
    words, patches = caption.split(), GRID**2
    if objective == "captioning":
        sample = captioning(words, patches)
    elif objective == "masked_multimodal":
        hidden = sorted(_SCATTERED[:blanks])
        sample = masked_multimodal(words, patches, range(1, len(words), 3), hidden)
    elif objective == "image_text_matching":
        sample = image_text_matching(words, patches, is_true(caption, scene))
    else:
        sample = contrastive(words, patches)
    truth = "true" if is_true(caption, scene) else "false"
    names = "names everything" if is_complete(caption, scene) else "does not name everything"
    said = f"“{caption}” is {truth} of this picture" + (
        f" and {names}." if truth == "true" else "."
    )
    count = len(right_captions(scene))
    return (
        f'<p class="lesson-said">{said} There are {count} right captions in all.</p>'
        f'<div class="lesson-picture">{show_patches(scene)._repr_html_()}</div>'
        f'<div class="lesson-answers">{answers}</div>'
        f'<div class="lesson-looks">{looks_picture(sample)._repr_html_()}</div>'
        f"{picture_strip(sample, draw(scene))}"
    )


class SceneExplorer(OneView):
    """Controls for up to three things, a caption and an objective, and what the objective asks.

    Attributes
    ----------
    how_many : ipywidgets.IntSlider
        Number of things.
    things : list of (Dropdown, Dropdown, Dropdown)
        Colour, shape and place of each thing.
    objective, caption : ipywidgets.Dropdown
        The captions offered are the right ones of the scene, and that of another picture.
    blanks : ipywidgets.IntSlider
        Number of hidden patches, for masked multimodal modelling.
    students : mapping of str to PictureCandidate
        Trained models that are asked about the picture.
    """

    def __init__(self, students: Mapping[str, PictureCandidate] | None = None) -> None:
        self.students = students or {}
        self._asked, self._answers = None, ""
        self.how_many = slider("how many things", 2, 3, smallest=1)
        begin = [
            ("red", "square", "top left"),
            ("blue", "circle", "bottom right"),
            ("green", "triangle", INSIDE),
        ]
        self.things = [self._thing(number, start) for number, start in enumerate(begin, 1)]
        self.objective = choice("objective", list(NAMES))
        self.caption = choice("caption", [""])
        self.blanks = slider("patches to hide", 8, GRID**2 - 1)
        self._following = False
        for control in (self.how_many, *(c for thing in self.things for c in thing)):
            control.observe(self._follow, names="value")
        self._offer_captions()
        every = [c for thing in self.things for c in thing]
        super().__init__(
            self._view,
            [self.how_many, *every, self.objective, self.caption, self.blanks],
            self._largest_view,
            [
                grid(
                    [self.how_many, *(grid(thing, "lesson-thing") for thing in self.things)],
                    "lesson-things",
                ),
                *[fold("show what an objective makes of it, too")] * bool(self.students),
                grid([self.objective, self.caption, self.blanks], "lesson-asks"),
            ],
            self._not_used,
        )
        self.add_class("lesson-scenes")
        self.how_many.observe(self._hide_unused, names="value")
        self._hide_unused()

    def reading_form(self) -> str:
        """Say what will be here, and neither show pictures twice nor tell what is predicted."""
        return reading_card(RUN_THIS_CELL)

    @property
    def scene(self) -> Scene:
        """The scene that the controls describe.

        Raises
        ------
        ValueError
            If things get into each other's place.
        """
        chosen = self.things[: self.how_many.value]
        return scene_of(
            [(colour.value, shape.value, place.value) for colour, shape, place in chosen]
        )

    def _thing(self, number: int, start: tuple[str, str, str]) -> tuple[widgets.Dropdown, ...]:
        places = [*PLACES] if number == 1 else [*PLACES, INSIDE]
        controls = (
            choice(f"colour {number}", list(COLOURS)),
            choice(f"shape {number}", list(SHAPES)),
            choice(f"place {number}", places),
        )
        for control, value in zip(controls, start, strict=True):
            control.value = value
        return controls

    def _not_used(self, *_: object) -> Mapping[widgets.Widget, str]:
        hides = NAMES[self.objective.value] == "masked_multimodal"
        return {} if hides else {self.blanks: NO_PATCHES_HIDDEN}

    def _view(self, *_: object) -> str:
        caption = STRANGER if self.caption.value == OTHERS_CAPTION else self.caption.value
        if self.students and self._asked != self.scene:  # asking takes longer than drawing
            self._asked, self._answers = self.scene, answers_view(self.scene, self.students)
        objective = NAMES[self.objective.value]
        return scene_view(self.scene, caption, objective, self.blanks.value, self._answers)

    def _largest_view(self, *_: object) -> str:
        said = f"{_LONGEST} <strong>✓ complete</strong>"
        rows = [[_title(name), said, said] for name in self.students]
        answers = _answers_table(rows, 0) if rows else ""
        objective, most = NAMES[self.objective.value], self.blanks.max
        return without_drawings(scene_view(scene_of(_FULLEST), _LONGEST, objective, most, answers))

    def _follow(self, _: object) -> None:
        self._offer_captions()

    def _offer_captions(self) -> None:
        try:
            captions = [" ".join(caption) for caption in right_captions(self.scene)]
        except ValueError:
            return  # the view says what is wrong
        wanted = self.caption.value
        complete = [caption for caption in captions if is_complete(caption, self.scene)]
        self.caption.options = [*captions, OTHERS_CAPTION]
        self.caption.value = wanted if wanted in self.caption.options else complete[-1]

    def _hide_unused(self, _: object = None) -> None:
        for number, thing in enumerate(self.things, 1):
            for control in thing:
                control.layout.display = None if number <= self.how_many.value else "none"


def explore_scenes(students: Mapping[str, PictureCandidate] | None = None) -> SceneExplorer:
    """Show a picture, its captions, and what each objective makes of the two.

    Parameters
    ----------
    students : mapping of str to PictureCandidate, optional
        Trained models that are asked about the picture too, by objective.

    Returns
    -------
    SceneExplorer
        A widget; the last line of a cell shows it.
    """
    return SceneExplorer(students)


def _options(scene: Scene) -> list[tuple[str, ...]]:
    """Return captions to pick from: a few that are right, and their likenesses."""
    right = [words for words in right_captions(scene) if words[0] not in COUNTS]
    complete = [words for words in right if is_complete(words, scene)]
    models = [complete[0], complete[-1]]
    found = [*models, right[0]]
    for words in models:
        for kind in (COLOURS, SHAPES):
            places = [k for k, word in enumerate(words) if word in kind]
            found += [_exchanged(words, a, b) for a, b in combinations(places, 2)]
            found += [(*words[: places[0]], word, *words[places[0] + 1 :]) for word in kind]
    return list(dict.fromkeys(found))


def _exchanged(words: tuple[str, ...], a: int, b: int) -> tuple[str, ...]:
    other = list(words)
    other[a], other[b] = other[b], other[a]
    return tuple(other)


def _title(objective: str) -> str:
    row = picture_objectives.get(objective)
    return row.title if row else objective.capitalize()


def _marked(caption: Sequence[str], scene: Scene) -> str:
    """Return a caption and what the key says of it."""
    if not caption:
        return "– (cannot write)"
    try:
        whole = "complete" if is_complete(caption, scene) else "true"
        verdict = f"✓ {whole}" if is_true(caption, scene) else "✗ false"
    except ValueError:
        verdict = "✗ no caption"
    return f"{escape(' '.join(caption))} <strong>{verdict}</strong>"


_SCATTERED = (5, 10, 0, 15, 6, 9, 3, 12, 1, 14, 7, 8, 2, 13, 4, 11)
"""The order in which patches are hidden: first in the middle of things, then all around."""
