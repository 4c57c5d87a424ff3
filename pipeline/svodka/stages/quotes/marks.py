"""Quotation marks of every kind, paired over the document and mended where one is missing.

«ёлочки», „лапки“, “английские” and "машинописные" nest in one stack a line. Where a line ends with an open mark, the
commonest causes are tried in turn: one mark closes two («…под названием «Вега», — сказал он), the closing mark was
forgotten before the author's words («Пока не будем, — заявил он), the words go on in the next line, or end with it.
A mark is never left to swallow the rest of the document.
"""

import re
from dataclasses import dataclass, field

from svodka.stages.quotes.view import Span, View

_MARK = re.compile('[«»„“”"]')
_WORD = re.compile(r"\w")
_ATTRIBUTION = re.compile(r"[.!?…]*,?\s*[—–-]\s")
_AUTHOR = re.compile(r"[,!?…]\s+[—–-]\s+(?=[а-яё])")
_NEXT = re.compile(r"[.!?…]\s+[\"«„]")  # other words in marks follow
_PAIRS = {"»": "«", "”": "“"}
_MAX_REPAIRS = 20
_MAX_LINES = 12


@dataclass(slots=True)
class Quoted:
    """Words in quotation marks.

    Attributes:
        start: Offset after the opening mark.
        end: Offset of the closing mark, or of the end of the words where it is missing.
        parts: One span a line, without marks that are repeated at the beginning of a line.
        parent: The quoted words that hold these.
        children: The quoted words that these hold.
        repaired: Whether a mark was missing or shared.
    """

    start: int
    end: int
    parts: list[Span] = field(default_factory=list)
    parent: "Quoted | None" = None
    children: list["Quoted"] = field(default_factory=list)
    repaired: bool = False


@dataclass(slots=True)
class _Line:
    """Result of one line.

    Attributes:
        found: Top-level words.
        unclosed: Offset after a mark left open.
        stray: A mark that closes nothing.
        doubtful: Offset after a mark that opens the line and was closed by a repair, though a later line may close it.
    """

    found: list[Quoted]
    unclosed: int | None = None
    stray: int | None = None
    doubtful: int | None = None


def find_quoted(view: View) -> list[Quoted]:
    """All quoted words of the document that no others hold, in reading order; `children` lead to those inside."""
    lines = [_scan_line(view.text, span) for span in view.lines]
    quoted: list[Quoted] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.doubtful is not None and _closed_later(view, lines, number):
            line.unclosed, line.found = line.doubtful, []
        quoted += line.found
        if line.unclosed is not None:
            last = _closing_line(view, lines, number)
            joined = _join(view, lines, number, last)
            quoted.append(joined)
            # what follows the closing mark in the last line is still to be read
            if last > number:
                ending = lines[last]
                quoted += [item for item in ending.found if item.start > joined.end]
                ending.found = []
                number = last if ending.unclosed is not None and ending.unclosed > joined.end else last + 1
                continue
        number += 1
    quoted = [item for item in quoted if _WORD.search(view.text, item.start, item.end)]
    for item in quoted:
        _adopt(item, view.text)
    return sorted(quoted, key=lambda item: item.start)


def walk(quoted: list[Quoted]) -> list[Quoted]:
    """Quoted words and all that they hold, the holder first."""
    found: list[Quoted] = []
    pending = list(reversed(quoted))
    while pending:
        item = pending.pop()
        found.append(item)
        pending.extend(reversed(item.children))
    return found


def _adopt(item: Quoted, text: str) -> None:
    """Tell what is held who holds it, and leave out marks with no word between them."""
    pending = [item]
    while pending:
        holder = pending.pop()
        if not holder.parts:
            holder.parts = [(holder.start, holder.end)]
        holder.children = [child for child in holder.children if _WORD.search(text, child.start, child.end)]
        for child in holder.children:
            child.parent = holder
            pending.append(child)


def _scan_line(text: str, span: Span) -> _Line:
    """Pair the marks of one line with a stack; begin anew after a mended place, a bounded number of times."""
    start, end = span
    result = _Line([])
    if _MARK.search(text, start, end) is None:
        return result
    for _ in range(_MAX_REPAIRS):
        found, opened, stray = _pair(text, start, end)
        if result.stray is None:
            result.stray = stray
        if not opened:
            result.found += found
            return _mend_stray(text, span, result)
        outermost, children = opened
        result.found += [item for item in found if item.end < outermost]
        closing = _mended_end(text, outermost, end, children)
        if closing is None:
            result.unclosed = outermost
            return result
        if outermost == start + 1 == span[0] + 1:
            result.doubtful = outermost
        inside = [child for child in children if child.end <= closing]
        result.found.append(Quoted(outermost, closing, children=inside, repaired=True))
        start = closing + 1
    return result


def _pair(text: str, start: int, end: int) -> tuple[list[Quoted], tuple[int, list[Quoted]] | None, int | None]:
    """Top-level pairs, the outermost mark left open with what it holds, and the first mark that closes nothing."""
    found: list[Quoted] = []
    stack: list[tuple[str, int, list[Quoted]]] = []
    opened: dict[str, int] = {}
    stray: int | None = None
    for match in _MARK.finditer(text, start, end):
        mark, offset = match.group(), match.start()
        kind = _role(text, mark, offset, opened)
        if kind in ("«", "„", "“", '"'):
            stack.append((kind, offset + 1, []))
            opened[kind] = opened.get(kind, 0) + 1
            continue
        wanted = kind.removeprefix("close ")
        if not opened.get(wanted):
            if stray is None and not stack:
                stray = offset
            continue
        while True:
            top, begin, children = stack.pop()
            opened[top] -= 1
            if top == wanted:
                break
            # an unclosed mark inside: what it held belongs to the one outside
            stack[-1][2].extend(children)
        item = Quoted(begin, offset, children=children)
        (stack[-1][2] if stack else found).append(item)
    if not stack:
        return found, None, stray
    held = [child for _, _, children in stack for child in children]
    return found, (stack[0][1], held), stray


def _role(text: str, mark: str, offset: int, opened: dict[str, int]) -> str:
    """What a mark opens («kind») or closes («close kind»)."""
    if mark in "«„":
        return mark
    if mark in "»":
        return "close " + _PAIRS[mark]
    if mark == "”":
        return "close “" if opened.get("“") else "close „"
    if mark == "“" and opened.get("„"):
        return "close „"
    before = text[offset - 1] if offset else " "
    after = text[offset + 1] if offset + 1 < len(text) else " "
    may_open = not after.isspace() and after not in ".,!?…:;)" and (before.isspace() or before in '([—–-«„“"/')
    may_close = not before.isspace() and (after.isspace() or not after.isalnum())
    if may_open != may_close:
        return mark if may_open else "close " + mark
    return "close " + mark if opened.get(mark) else mark


def _mended_end(text: str, start: int, line_end: int, children: list[Quoted]) -> int | None:
    """Where words without a closing mark end, if the line itself tells."""
    for child in children:
        # one mark closes two: «… под названием «Вега», — сказал он
        if _ATTRIBUTION.match(text, child.end + 1, line_end) or _NEXT.match(text, child.end + 1, line_end):
            return child.end
    author = _AUTHOR.search(text, start, line_end)
    if author:
        return author.start() + (text[author.start()] != ",")
    if children and not text[children[-1].end + 1 : line_end].strip(" .!?…"):
        return children[-1].end
    return None


def _mend_stray(text: str, span: Span, line: _Line) -> _Line:
    """Open a mark at the beginning of the line where the words before a stray one are followed by author's words."""
    stray = line.stray
    if stray is None or any(item.start < stray for item in line.found):
        return line
    if _ATTRIBUTION.match(text, stray + 1, span[1]) and text[span[0]].isalnum() and stray > span[0]:
        line.found.insert(0, Quoted(span[0], stray, repaired=True))
        line.stray = None
    return line


def _closed_later(view: View, lines: list[_Line], number: int) -> bool:
    """Whether a mark that opens a line is closed by one that closes nothing in a later line, before others begin so."""
    for following in range(number + 1, min(number + _MAX_LINES, len(lines))):
        line = lines[following]
        start, end = view.lines[following]
        if line.unclosed is not None or line.doubtful is not None or view.text[start] in '«„“"':
            return False
        if line.stray is not None:
            return line.stray >= end - 2
    return False


def _closing_line(view: View, lines: list[_Line], number: int) -> int:
    """The line in which a mark left open is closed, the line itself where none closes it."""
    last = number
    for following in range(number + 1, min(number + _MAX_LINES, len(lines))):
        line = lines[following]
        if line.stray is not None and line.unclosed is None:
            return following
        begins_with_mark = view.text[view.lines[following][0]] in '«„“"'
        if begins_with_mark and line.unclosed == view.lines[following][0] + 1:
            last = following  # the mark is repeated at the beginning of each line
            continue
        if begins_with_mark and last > number and line.found and line.found[0].start == view.lines[following][0] + 1:
            return following
        if begins_with_mark and _repeats(view, line, following):
            return following
        if line.found and begins_with_mark:
            break
    return last


def _repeats(view: View, line: _Line, number: int) -> bool:
    """Whether a line wholly in marks ends words whose mark is repeated at each line."""
    start, end = view.lines[number]
    return bool(line.found) and line.found[0].start == start + 1 and line.found[0].end >= end - 2


def _join(view: View, lines: list[_Line], first: int, last: int) -> Quoted:
    """Words from a mark left open to the line that ends them."""
    opening = lines[first].unclosed
    assert opening is not None
    parts = [(opening, view.lines[first][1])]
    children: list[Quoted] = []
    for number in range(first + 1, last + 1):
        start, end = view.lines[number]
        line = lines[number]
        if number == last and line.stray is not None:
            end = line.stray
        elif line.found and line.found[0].start == start + 1:
            start, end = line.found[0].start, line.found[0].end
        elif line.unclosed == start + 1:
            start += 1
        parts.append((start, end))
        children += [child for child in line.found if start < child.start and child.end < end]
    children = [child for child in children if child.start > opening]
    return Quoted(opening, parts[-1][1], parts=parts, children=children, repaired=True)
