"""Recipes: chains of stages that are carried out once, and again from a lock."""
