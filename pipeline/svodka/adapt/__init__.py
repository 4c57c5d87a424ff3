"""Training the small models of quotations, on the gold of the project or of a user."""
