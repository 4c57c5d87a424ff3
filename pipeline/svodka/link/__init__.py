"""Entities of documents joined over a corpus: the tables ``registry`` and ``registry_entities``."""
