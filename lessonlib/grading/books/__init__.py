"""What was found out, written down for people and platforms."""
