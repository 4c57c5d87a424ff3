"""Looking at what was extracted."""
