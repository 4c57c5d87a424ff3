"""The site: Datasette over the database of a corpus, with the plugin, the templates and the style of svodka."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from svodka.explore.site.bounds import read_only
from svodka.explore.site.plugin import DATABASE, PLUGIN, register
from svodka.libraries import require

_HERE = Path(__file__).parent
_SETTINGS = {
    "default_cache_ttl": 0,  # tables written anew are shown at once
    "max_csv_mb": 0,  # everything can be had
    "num_sql_threads": 6,  # questions in SQL can hold half of them
    "sql_time_limit_ms": 10_000,
    "suggest_facets": False,  # takes longer than all else, and the pages of quotations have facets
    "truncate_cells_html": 300,
}


def build_site(database: Path, *, name: str = "", hosts: Collection[str] = (), in_network: bool = False) -> Any:  # noqa: ANN401
    """A Datasette over a prepared database, which is only read.

    The plugin works only in sites made here, though Datasette knows it for the whole process: other sites do not have
    its configuration.

    Args:
        database: What `svodka.explore.prepare` made.
        name: Name of the corpus, which the pages show.
        hosts: Names of this machine under which the site may be asked, beside localhost.
        in_network: Whether others can reach the site.

    Raises:
        MissingLibraryError: Datasette is not installed.
    """
    register()
    configuration = {"name": name, "hosts": sorted(map(str.lower, hosts)), "in_network": in_network}
    site = require("datasette.app", "explore").Datasette(
        memory=True,
        template_dir=str(_HERE / "templates"),
        metadata={"plugins": {PLUGIN: configuration}},
        settings=_SETTINGS,
    )
    site.remove_database("_memory")
    site.add_database(read_only(site, database), name=DATABASE)
    return site
