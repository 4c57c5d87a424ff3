"""Libraries that only some formats and engines need: the extras of ``pyproject.toml``."""

from importlib import import_module
from typing import Any

from svodka.errors import MissingLibraryError


def require(module: str, extra: str, besides: str = "") -> Any:  # noqa: ANN401
    """A module of a library that svodka can do without.

    Args:
        module: Its name, such as ``dkpro.cassis``.
        extra: The extra of svodka that installs it.
        besides: What it needs that pip does not install.

    Raises:
        MissingLibraryError: It is not installed; the message says how to install it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        advice = f"pip install 'svodka[{extra}]'{f', and {besides}' if besides else ''}"
        message = f"this needs {library}, which is not installed or does not work ({error}): {advice}"
        raise MissingLibraryError(message) from error
