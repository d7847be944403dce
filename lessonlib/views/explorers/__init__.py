"""Explorers: sliders move strips. Each is one function that returns a widget.

The last line of a cell shows it. Where it takes a sentence, that can be changed on the page.
"""
