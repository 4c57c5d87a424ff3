"""What stands before every answer of the site: who may ask, what may be asked, what a page may do."""

import ipaddress
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
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
)


class Guard:
    """An ASGI application around another one, of which it serves what is safe to serve.

    A page of a stranger cannot reach the site by a name that it makes point here (DNS rebinding): the header Host has
    to be one of `hosts` or a number, which is no name. Its port is not looked at, so that a tunnel may have another.

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
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _guarded(send, is_head=scope["method"] == "HEAD")
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(answer, 405, "This site is for reading: only GET and HEAD.", [(b"allow", b"GET, HEAD")])
        elif not self._is_ours(scope):
            await _refuse(answer, 421, "This site is not served under that name; use the address svodka printed.")
        else:
            # a page is made for HEAD as for GET, and left out when it is sent
            await self._app({**scope, "method": "GET"}, receive, answer)

    def _is_ours(self, scope: Message) -> bool:
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        if len(hosts) != 1:
            return False
        name = host_name(hosts[0].decode("latin-1"))
        return name in self._hosts or is_number(name, loopback=not self._in_network)


def host_name(host: str) -> str:
    """The name or number in a header Host, without the port.

    >>> host_name("LOCALHOST:8001"), host_name("[::1]:8001"), host_name("example.org.")
    ('localhost', '::1', 'example.org')
    """
    name = host.lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0].rstrip(".") if name.count(":") < 2 else name


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


async def _refuse(send: Send, status: int, reason: str, headers: Collection[tuple[bytes, bytes]] = ()) -> None:
    body = f"{reason}\n".encode()
    length = (b"content-length", str(len(body)).encode("ascii"))
    head = [(b"content-type", b"text/plain; charset=utf-8"), length, *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
