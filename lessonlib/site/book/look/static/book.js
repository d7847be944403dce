// Tells the strips whether the page is dark.
