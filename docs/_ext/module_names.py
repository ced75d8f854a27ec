"""Names the modules of a package."""

import pkgutil
from importlib import import_module


def module_names(package: str, *, flat: bool = False) -> list[str]:
    """Return a package and its modules by their dotted names, in alphabetical order.

    Args:
        package: Its dotted name.
        flat: Whether the packages inside it are left out.
    """
    walk = pkgutil.iter_modules if flat else pkgutil.walk_packages
    found = walk(import_module(package).__path__, f"{package}.")
    inside = (module.name for module in found if not (flat and module.ispkg))
    return sorted([package, *(name for name in inside if not name.endswith("__main__"))])
