"""What a learner sees: token strips, figures, tables and explorers, drawn from samples."""

from lessonlib.views.drawing import Picture
from lessonlib.views.explorers.attention import explore_attention
from lessonlib.views.explorers.hiding import explore_blanks, explore_hiding
from lessonlib.views.explorers.noise import explore_noise
from lessonlib.views.explorers.scenes import explore_scenes
from lessonlib.views.explorers.scores import explore_scores
from lessonlib.views.explorers.sentence import explore
from lessonlib.views.explorers.spans import explore_denoisers, explore_prefix, explore_spans
from lessonlib.views.figures import ability_name, objective_name, routes_map
from lessonlib.views.matrix import curves_picture, matrix_picture, matrix_table
from lessonlib.views.pictures import show_patches, show_pictures, show_scenes, show_sound
from lessonlib.views.poster import Poster, poster
from lessonlib.views.source import show_source
from lessonlib.views.strips import Strips, show, strip
from lessonlib.views.tables import Table, comparison_table

__all__ = [
    "Picture",
    "Poster",
    "Strips",
    "Table",
    "ability_name",
    "comparison_table",
    "curves_picture",
    "explore",
    "explore_attention",
    "explore_blanks",
    "explore_denoisers",
    "explore_hiding",
    "explore_noise",
    "explore_prefix",
    "explore_scenes",
    "explore_scores",
    "explore_spans",
    "matrix_picture",
    "matrix_table",
    "objective_name",
    "poster",
    "routes_map",
    "show",
    "show_patches",
    "show_pictures",
    "show_scenes",
    "show_sound",
    "show_source",
    "strip",
]
