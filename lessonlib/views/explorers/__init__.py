"""Explorers: controls move strips and pictures. Each is one function that returns a widget."""
