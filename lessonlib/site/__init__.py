"""The course as files for any web server: front page, book, slides and the browser edition."""
