"""Evaluation: gold annotation as readable markup, and one module for each layer that is scored against it."""
