"""What a learner sees: token strips, figures, tables and explorers, drawn from samples.

Each name is loaded from its module when it is first used: in a browser every module costs time.
"""

from lessonlib.lazy import lazy

HOME_OF = {
    "Picture": "drawing",
    "Poster": "poster",
    "Strips": "strips",
    "Table": "tables",
    "ability_name": "figures",
    "comparison_table": "tables",
    "curves_picture": "matrix",
    "explore": "explorers.sentence",
    "explore_attention": "explorers.attention",
    "explore_blanks": "explorers.hiding",
    "explore_changes": "explorers.changes",
    "explore_cuts": "explorers.pieces",
    "explore_denoisers": "explorers.spans",
    "explore_hiding": "explorers.hiding",
    "explore_merges": "explorers.pieces",
    "explore_noise": "explorers.noise",
    "explore_passes": "explorers.passes",
    "explore_prefix": "explorers.spans",
    "explore_scenes": "explorers.scenes",
    "explore_scores": "explorers.scores",
    "explore_spans": "explorers.spans",
    "explore_whole_words": "explorers.pieces",
    "explore_windows": "explorers.attention",
    "matrix_picture": "matrix",
    "matrix_table": "matrix",
    "objective_name": "figures",
    "poster": "poster",
    "routes_map": "figures",
    "shelf_card": "shelf",
    "shelf_table": "shelf",
    "show": "strips",
    "show_patches": "pictures",
    "show_pictures": "pictures",
    "show_scenes": "pictures",
    "show_sound": "pictures",
    "show_source": "source",
    "strip": "strips",
}

__all__ = [*HOME_OF]

__getattr__, __dir__ = lazy(__name__, HOME_OF)
