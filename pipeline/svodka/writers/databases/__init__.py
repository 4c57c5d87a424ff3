"""Databases of one file: the tables of the contract, and views over them."""
