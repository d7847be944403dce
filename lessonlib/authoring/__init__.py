"""From text sources to notebooks: what the cells mean, and how they are built."""
