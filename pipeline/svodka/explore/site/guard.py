"""What stands before every answer of the site: who may ask, what may be asked, what a page may do."""

import ipaddress
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from typing import Any, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Headers: TypeAlias = Collection[tuple[bytes, bytes]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]

_POLICY = (
    b"default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
# Cookies are shared by all that is served on a machine, whatever the port: those of others are none of ours.
_UNREAD = frozenset({b"cookie", b"authorization"})

_LONGEST_TARGET = 60_000
_HOST = re.compile(r"(?:(?P<name>[a-z0-9._-]+?)\.?|\[(?P<number>[0-9a-f:.]+)\])(?::[0-9]{1,5})?")
"""The header Host as browsers write it: https://www.rfc-editor.org/rfc/rfc9110#field.host."""


class Guard:
    """An ASGI application around another one, of which it serves what is safe to serve.

    A page of a stranger cannot reach the site by a name that it makes point here (DNS rebinding): the header Host has
    to be one of `hosts` or a number, which is no name. Its port is not looked at, so that a tunnel may have another.
    Nor can it make a browser load anything of the site into itself; a link to the site is followed.

    Args:
        app: The application.
        hosts: Names of this machine, in lower case, beside localhost.
        in_network: Whether others can reach the site, by any number this machine has; else by those of loopback only.
    """

    def __init__(self, app: App, hosts: Collection[str], *, in_network: bool) -> None:
        self._app = app
        self._hosts = frozenset({"localhost", *hosts})
        self._in_network = in_network

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            await self._answer(scope, receive, _guarded(send, is_head=scope["method"] == "HEAD"))

    async def _answer(self, scope: Message, receive: Receive, answer: Send) -> None:
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(answer, 405, "This site is for reading: only GET and HEAD.", [(b"allow", b"GET, HEAD")])
        elif not self._is_ours(headers):
            await _refuse(answer, 421, "This site is not served under that name; use the address svodka printed.")
        elif _is_embedded(dict(headers)):
            await _refuse(answer, 403, "No other site can load anything of this one; links to it can be followed.")
        elif not target.startswith(b"/") or b"\\" in target:
            await _refuse(answer, 400, "An address of this site begins with / and has no backslash.")
        elif len(target) + len(scope.get("query_string", b"")) > _LONGEST_TARGET:
            await _refuse(answer, 414, "This address is too long.")
        else:
            kept = [(name, value) for name, value in headers if name not in _UNREAD]
            # a page is made for HEAD as for GET, and left out when it is sent
            await self._app({**scope, "method": "GET", "headers": kept}, receive, answer)

    def _is_ours(self, headers: Headers) -> bool:
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1:
            return False
        name = host_name(hosts[0].decode("latin-1"))
        return name in self._hosts or is_number(name, loopback=not self._in_network)


def host_name(host: str) -> str:
    """The name or number in a header Host, without the port; nothing where that is no such header.

    >>> host_name("LOCALHOST:8001"), host_name("[::1]:8001"), host_name("example.org."), host_name("::1@localhost")
    ('localhost', '::1', 'example.org', '')
    """
    found = _HOST.fullmatch(host.lower())
    return (found["name"] or found["number"]) if found else ""


def is_number(name: str, *, loopback: bool) -> bool:
    """Whether a name is an address of the Internet Protocol; with `loopback`, one of this machine to itself.

    >>> is_number("127.0.0.1", loopback=True), is_number("10.0.0.7", loopback=True), is_number("a.ru", loopback=False)
    (True, False, False)
    """
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or not loopback


def _is_embedded(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a page of another site loads something here, and does not lead here.

    Browsers tell it: https://www.w3.org/TR/fetch-metadata/.
    """
    if headers.get(b"sec-fetch-site", b"none") in (b"none", b"same-origin"):
        return False
    return headers.get(b"sec-fetch-mode") != b"navigate" or headers.get(b"sec-fetch-dest") != b"document"


def _guarded(send: Send, *, is_head: bool) -> Send:
    names = {name for name, _ in _HEADERS}

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in names]
            message = {**message, "headers": [*kept, *_HEADERS]}
        elif is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return guarded


async def _refuse(send: Send, status: int, reason: str, headers: Headers = ()) -> None:
    body = f"{reason}\n".encode()
    length = (b"content-length", str(len(body)).encode("ascii"))
    head = [(b"content-type", b"text/plain; charset=utf-8"), length, *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
