"""Nothing, in the place of a package of this name, for the tests and all processes that they start.

Where jsonschema finds the package, it compiles a grammar of addresses on import: about a second in each
process that reads notebooks, whose schema has no address. That it finds no function is as if there were none.
"""
