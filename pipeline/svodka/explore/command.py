"""The command ``svodka explore``: a site over tables, for this machine."""

import logging
import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from svodka.errors import SvodkaError
from svodka.explore.site.guard import is_number
from svodka.libraries import require
from svodka.view.visible import visible

if TYPE_CHECKING:
    from uvicorn import Config, Server

_SECONDS_TO_END = 2
"""How long a download may go on after an interruption."""


def explore(tables: Path, *, host: str, port: int, opens: bool) -> None:
    """Serve the site until it is interrupted.

    Args:
        tables: A folder of tables, or a database that ``svodka export --to sqlite`` wrote.
        host: Address or name of this machine to listen on.
        port: Port; 0 for any that is free.
        opens: Whether to open the site in the browser.

    Raises:
        MissingLibraryError: Datasette is not installed.
        SvodkaError: The address cannot be listened on, or there are no such tables.
    """
    require("datasette.app", "explore")
    from svodka.explore.database import prepare
    from svodka.explore.site.app import build_site

    with _listening(host, port) as listener:
        address = f"http://{_in_url(host)}:{listener.getsockname()[1]}/"
        in_network = not _is_loopback(listener)
        if in_network:
            click.echo(f"Warning: everyone in the network who can reach {host} can read these tables.", err=True)
        database = prepare(tables, lambda told: click.echo(told, err=True))
        _warm_up(database)
        hosts = [host, *_names(in_network=in_network)]
        site = build_site(database, name=tables.resolve().stem, hosts=hosts, in_network=in_network)

        def announce() -> None:
            click.echo(f"Exploring {visible(str(tables), one_line=True)} at {address} (Ctrl-C ends)")
            if opens:
                webbrowser.open(address)

        _serve(site.app(), listener, announce)


def _warm_up(database: Path) -> None:
    """Read what the first search would have to wait for: the dictionary, the columns and the names in memory."""
    from svodka.explore.database import connect
    from svodka.explore.search.names import named
    from svodka.explore.search.quotes import search
    from svodka.explore.search.selection import Filters

    with connect(database) as connection:
        found = search(connection, Filters(text="новость"), limit=1)
        named(connection, found.query)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:  # the second of a name that is none
        raise SvodkaError(f"cannot listen on {host!r}: {error}; --host takes an address of this machine") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        message = f"cannot listen on port {port} of {host!r}: {error}; --port 0 takes any that is free"
        raise SvodkaError(message) from error
    return listener


def _serve(app: object, listener: socket.socket, announce: Callable[[], None]) -> None:
    from uvicorn import Config

    config = Config(
        app,  # type: ignore[arg-type]
        # neither what else may be installed, nor headers of strangers, change what is served
        http="h11",
        ws="none",
        proxy_headers=False,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )
    try:
        _announcing(config, announce).run(sockets=[listener])
    except KeyboardInterrupt:
        sys.stdout.flush()
        os._exit(0)  # that is how it is meant to end, and a question that is still being answered does not delay it


def _announcing(config: "Config", announce: Callable[[], None]) -> "Server":
    """A server that tells when it answers, and does not complain of what is cut off when it ends."""
    from uvicorn import Server

    class Announcing(Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                announce()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            logging.getLogger("uvicorn.error").disabled = True
            await super().shutdown(sockets)

    return Announcing(config)


def _is_loopback(listener: socket.socket) -> bool:
    return is_number(listener.getsockname()[0], loopback=True)


def _names(*, in_network: bool) -> list[str]:
    """Names by which others know this machine."""
    return [socket.gethostname(), socket.getfqdn()] if in_network else []


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
