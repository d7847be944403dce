"""How each kind of model answers: one class per architecture, one method per way to answer.

``words/en/exams.toml`` tells each way in a sentence, by class, task and answer.
"""
