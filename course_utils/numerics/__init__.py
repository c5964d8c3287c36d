"""The mathematics of the course: arrays in, arrays out. It needs NumPy and the standard library."""
