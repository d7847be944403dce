"""Sentences of a small world: the main exam."""
