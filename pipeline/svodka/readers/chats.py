"""Posts of Telegram: chats and channels as Telegram Desktop exports them to JSON, one by one or all of an account.

`svodka.readers.web.telegram` reads the export to HTML, which has the same.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from svodka.errors import InputError
from svodka.readers.rows import Row

_Object = Mapping[str, object]

_KEYS_OF_A_CHAT = frozenset({"id", "type", "messages"})
_LISTS_OF_CHATS = ("chats", "left_chats")


def chats_in(record: _Object) -> list[_Object]:
    """The chats of an export; none where the object is something else."""
    if _is_chat(record):
        return [record]
    lists = [value.get("list") for key in _LISTS_OF_CHATS if isinstance(value := record.get(key), dict)]
    return [chat for chats in lists if isinstance(chats, list) for chat in chats if _is_chat(chat)]


def post_rows(chats: Sequence[_Object], path: str, name: str, encoding: str) -> Iterator[Row]:
    """The posts that have text, each called ``<name>:<number of the post>``, with the id of the chat between of many.

    Args:
        chats: The chats of a file.
        path: The file.
        name: What its articles are called by.
        encoding: What it is encoded in.

    Yields:
        A row each; the source is the chat, the author who wrote to it, where that is not the chat itself.

    Raises:
        InputError: No post has text.
    """
    has_text = False
    for chat in chats:
        prefix = name if len(chats) == 1 else f"{name}:{chat['id']}"
        for post in _list(chat["messages"]):
            if text := _text(post):
                has_text = True
                yield Row(_values(chat, post, text), path, f"{prefix}:{post.get('id')}", encoding=encoding)
    if not has_text:
        raise InputError("no message of the chat has text", source=path)


def _is_chat(value: object) -> bool:
    return isinstance(value, dict) and value.keys() >= _KEYS_OF_A_CHAT and isinstance(value["messages"], list)


def _list(value: object) -> list[_Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(post: _Object) -> str:
    """The text of a post, which comes in parts where some of it is bold, a link or the like."""
    text = post.get("text")
    parts = text if isinstance(text, list) else [text]
    strings = [part.get("text") if isinstance(part, dict) else part for part in parts]
    whole = "".join(string for string in strings if isinstance(string, str))
    return whole if whole.strip() else ""


def _values(chat: _Object, post: _Object, text: str) -> dict[str, object]:
    author = post.get("author") or post.get("from")  # who signed a post of a channel, who wrote to a group
    source = chat.get("name")
    return {"text": text, "published": _moment(post), "source": source, "author": author if author != source else None}


def _moment(post: _Object) -> object:
    """The moment of a post in the time zone of who exported it, as the export to HTML has it, too.

    ``date`` is on the clock there, ``date_unixtime``, which exports have since 2022, on that of Greenwich.
    """
    date, seconds = post.get("date"), post.get("date_unixtime")
    if not isinstance(date, str) or not isinstance(seconds, str):
        return date
    try:
        moment = dt.datetime.fromtimestamp(int(seconds), dt.UTC)
        return moment.astimezone(dt.timezone(dt.datetime.fromisoformat(date) - moment.replace(tzinfo=None)))
    except (TypeError, ValueError, OverflowError, OSError):
        return date
