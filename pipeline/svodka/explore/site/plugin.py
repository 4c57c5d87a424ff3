"""What svodka adds to Datasette: pages, a guard before them, and errors that people can read.

https://docs.datasette.io/en/stable/plugin_hooks.html
"""

from collections.abc import Callable, Generator, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

from markupsafe import Markup, escape

from svodka.explore.search.corpus import descriptions
from svodka.explore.site import addresses, answers, downloads, pages, speaker_pages
from svodka.explore.site.guard import App, Guard
from svodka.libraries import require
from svodka.view.visible import visible

PLUGIN = "svodka-explore"
"""Name of the plugin, and of its configuration in the metadata of a site."""

DATABASE = "data"
"""Name of the database of a site, with which the paths of Datasette's own pages begin."""

_PAGES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"doc_id": addresses.document, "speaker_id": addresses.speaker}
)
# They refer to numbers, which Datasette would take for the keys of rows.
_NO_KEYS = frozenset({("quote_facets", "number"), ("quote_facets", "document")})
_ID = "(?P<id>[^/]+?)"
_ROUTES = (
    (r"/$", pages.home),
    (r"/quotes$", pages.quotes),
    (r"/quotes\.(?P<format>csv|json)$", downloads.quotes),
    (r"/facets/(?P<name>[a-z]+)$", pages.facet),
    (r"/speakers$", speaker_pages.speakers),
    (r"/speakers\.(?P<format>csv|json)$", downloads.speakers),
    (rf"/speakers/{_ID}$", speaker_pages.speaker),
    (r"/documents$", pages.documents),
    (r"/documents\.(?P<format>csv|json)$", downloads.documents),
    (rf"/documents/{_ID}$", pages.document),
    (r"/charts$", pages.charts),
    (r"/charts/(?P<name>[a-z]+)\.(?P<format>csv|json)$", downloads.chart),
    (rf"/{DATABASE}\.db$", downloads.database),
    (r"/static/(?P<name>.*)$", answers.file),
    # what Datasette tells of itself and serves under /-/ is not about the corpus
    (r"/-/.*$", answers.nothing_there),
)


def register() -> None:
    """Make the plugin known to Datasette, for this process.

    Raises:
        MissingLibraryError: Datasette is not installed.
    """
    manager = require("datasette.plugins", "explore").pm
    if not manager.has_plugin(PLUGIN):
        manager.register(_plugin(), PLUGIN)


def _plugin() -> ModuleType:
    mark = require("datasette", "explore").hookimpl
    plugin = ModuleType(PLUGIN)  # Datasette would show the templates next to a module on disk to all sites
    plugin.__dict__.update(
        register_routes=mark(_register_routes),
        asgi_wrapper=mark(_asgi_wrapper, trylast=True),  # the last one is around all others
        prepare_jinja2_environment=mark(_prepare_jinja2_environment),
        extra_template_vars=mark(_extra_template_vars),
        render_cell=mark(_render_cell),
        handle_exception=mark(_handle_exception, wrapper=True),
        forbidden=mark(_forbidden),
    )
    return plugin


def _config(datasette: Any) -> dict[str, Any] | None:  # noqa: ANN401
    """What `build_site` configured; None for the sites of others."""
    config: dict[str, Any] | None = datasette.plugin_config(PLUGIN)
    return config


def _register_routes(datasette: Any) -> list[tuple[str, Any]]:  # noqa: ANN401
    return [] if _config(datasette) is None else list(_ROUTES)


def _asgi_wrapper(datasette: Any) -> Any:  # noqa: ANN401
    config = _config(datasette)

    def guarded(app: App) -> App:
        if config is None:
            return app
        return Guard(app, config["hosts"], in_network=config["in_network"])

    return guarded


def _prepare_jinja2_environment(env: Any, datasette: Any) -> None:  # noqa: ANN401
    config = _config(datasette)
    if config is not None:
        answers.prepare(env, config["name"])


async def _extra_template_vars(datasette: Any, database: str | None) -> dict[str, object]:  # noqa: ANN401
    """What the rows of tables are, for the pages of tables."""
    if database != DATABASE or _config(datasette) is None:
        return {}
    return {"descriptions": await answers.ask(datasette, descriptions)}


def _render_cell(datasette: Any, value: Any, column: str, table: str | None) -> Markup | None:  # noqa: ANN401
    """Keys of documents and speakers in tables lead to their pages."""
    if _config(datasette) is None:
        return None
    key = value["value"] if isinstance(value, dict) else value  # a dict is what refers to another table
    if (table, column) in _NO_KEYS:
        return escape(key)
    if column not in _PAGES:
        return None
    return Markup('<a href="{}">{}</a>').format(_PAGES[column](key), visible(key)) if isinstance(key, str) else None


def _handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, Any]:  # noqa: ANN401
    """Answer with a page of our own, and keep Datasette from printing what went wrong where nobody asked for it."""
    others = yield
    if _config(datasette) is None:
        return others
    return [answers.error(datasette, request, exception)]


def _forbidden(datasette: Any, request: Any, message: str) -> Any:  # noqa: ANN401
    if _config(datasette) is None:
        return None
    return answers.error(datasette, request, answers.PageError(message, status=403))
