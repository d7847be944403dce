"""What an answer is asked, and how nbval's comparison becomes a verdict."""

# The cause of what is right beside the course's own answers to other questions.
WITH_THE_COURSES = "with_the_courses"
