"""Walking folders, on the disk and in archives: which of their files are passed over without a look."""

import logging
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from svodka.run.manifest import MANIFEST

logger = logging.getLogger("svodka.readers")

# What Chrome and Firefox, and Internet Explorer, put behind the name of a page for the folder of its parts.
_OF_PAGE = ("_files", ".files")
_HIDDEN = (".", "__MACOSX")


def walk_files(walk: Iterable[tuple[str, list[str], list[str]]]) -> Iterator[tuple[Path, bool]]:
    """The files of folders that are not hidden, and the folders that are a data set.

    Args:
        walk: Folders with the folders and files in them, as `os.walk` tells of them; folders that are passed over are
            taken out of its lists.

    Yields:
        A path, and whether it is a data set that `datasets` saved.
    """
    for parent, folders, files in walk:
        if MANIFEST in files:
            logger.warning("%s: passed over, for it holds the tables of a run", parent)
            folders.clear()
            continue
        if "dataset_dict.json" in files or {"dataset_info.json", "state.json"} <= set(files):
            yield Path(parent), True  # which knows its files
            folders.clear()
            continue
        names = set(files)
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN) and not _is_of_page(name, names)]
        # the cache of `datasets` has data sets, and beside them what describes them and was once computed of them
        hidden = (".", "cache-", "dataset_info") if "dataset_info.json" in names else (".",)
        for name in files:
            if not name.startswith(hidden):
                yield Path(parent, name), False


def _is_of_page(folder: str, files: Collection[str]) -> bool:
    """Whether a folder holds the pictures and frames of a page that a browser saved beside it."""
    stem = next((folder.removesuffix(end) for end in _OF_PAGE if folder.endswith(end)), None)
    return stem is not None and any(f"{stem}{ending}" in files for ending in (".html", ".htm", ".xhtml"))
