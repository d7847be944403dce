"""Marking in the browser: answers one after the other, and each key pressed is saved at once.

A page by itself cannot write files in every browser, so a small server of this machine alone does.
"""
