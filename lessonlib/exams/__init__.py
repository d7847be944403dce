"""Which ability does each objective teach? Questions, answers, scores and stored results."""
