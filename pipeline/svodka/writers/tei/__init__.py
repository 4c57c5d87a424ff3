"""TEI P5: the text with its elements, and the header."""
