"""The first hour of a shop: an empty database, its file of customers, steps 1 to 4."""
