"""Dates and times: lexemes → grammar (chart) → expressions → values counted from the publication date."""
