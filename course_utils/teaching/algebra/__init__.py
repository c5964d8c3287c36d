"""Formulas that can be read, compared and proved: what a `Derivation` stands on.

From the bottom up: ``syntax`` reads and writes formulas, ``meaning`` gives them a sense, ``points`` looks at
them in numbers, ``normal_form`` makes equal ones look alike, and ``judge`` proves a claim, or says where it
is false, or how far it was looked at. SymPy is imported where it is used.
"""
