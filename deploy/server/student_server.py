"""Start a student's server without what only a hub needs: 40 MB and a CPU second less for each student.

``jupyterhub-singleuser`` imports the hub's database layer (SQLAlchemy, Alembic) and pages along with the code
that logs students in, and uses none of it. Here stand-ins without content take their places. The code that
decides who comes in is JupyterHub's own: should it ever reach for a stand-in, it finds nothing there, and
the request fails; nobody is let in by it. This was tried with one version; any other starts as it is.
"""

import sys
import types

TRIED = "5.5.0"  # the version in deploy/requirements.txt; a test keeps them in step

# What jupyterhub.{log,metrics,scopes,utils} import at their top, and the names that they take from it.
STAND_INS = {
    "sqlalchemy": (),
    "sqlalchemy.exc": ("SQLAlchemyError",),
    "jupyterhub.orm": (),
    "jupyterhub.roles": (),
    "jupyterhub.handlers": (),
    "jupyterhub.handlers.pages": ("HealthCheckHandler",),
}
# Checks of dates and names of colors in schemas that this server does not have; absent, they are left out.
ABSENT = ("isoduration", "webcolors", "rfc3987_syntax")


def stand_in(name: str, classes: tuple[str, ...]) -> types.ModuleType:
    """Return a module that holds nothing but empty classes: no request is of them, no error either."""
    module = types.ModuleType(name, "Stands in for what only a hub needs.")
    for each in classes:
        setattr(module, each, type(each, (Exception,), {}))
    return module


def prepare() -> None:
    """Put the stand-ins in place, before anything of JupyterHub is imported."""
    for name in ABSENT:
        sys.modules[name] = None  # type: ignore[assignment]  # the import system's own word for "not there"
    for name, classes in STAND_INS.items():
        sys.modules[name] = stand_in(name, classes)
        parent, _, child = name.rpartition(".")
        if parent in STAND_INS:
            setattr(sys.modules[parent], child, sys.modules[name])


if __name__ == "__main__":
    from importlib.metadata import version

    if version("jupyterhub") == TRIED:
        prepare()
    from jupyterhub.singleuser import main

    sys.exit(main())
