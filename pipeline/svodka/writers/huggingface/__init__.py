"""A dataset for the Hugging Face hub, and its card."""
