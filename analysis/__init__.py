"""Weights, estimates, composites, ranks and disclosure control for survey datasets.

Importing the package loads nothing heavy: import the module you need (``from analysis.run import score``).
"""
