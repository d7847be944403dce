"""What an answer is asked, and how nbval's comparison becomes a verdict."""
