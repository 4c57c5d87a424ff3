"""The stages, in the order of the pipeline: tokenize, morphology, syntax, entities, dates, people, quotes."""
