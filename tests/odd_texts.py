"""Pieces of texts that are hard on a pipeline, for property tests and fuzzing."""

PIECES = [
    "«", "»", '"', "„", "“", "—", " — ", ", ", ". ", "\n", "\n\n", ": ", "! ", "… ", "\u2028", "\u00a0",
    "\u00ad", "\u0301", "\x00", "😀", "сказал ", "заявила ", "сообщает ", "По словам ", "что ", "мэр ",
    "Иван Орлов ", "Орлова ", "ТАСС ", "министр обороны ", "16 числа ", "в понедельник ", "5 мая 2020 года ",
    "с 11 по 17 марта ", "31 февраля ", "вчера ", "он ", "об этом ", "мост открыли", "Москве ", "ООО «Вега» ",
    "Анна Петрова, директор:", "— Когда? ", "и ", "не ",
]  # fmt: skip
"""What stages look for, and what is odd in texts."""

HOSTILE = [
    "<script>alert(1)</script>", '"onmouseover="x()', "<b>", "</p>", "&lt;", "<!--", "]]>", "[bold red]", "{{ x }}",
    "${x}", "'; DROP TABLE quotes; --", "=1+1", "+7", "-1", "@SUM(A1)", "\t=2", "\r", "\x1b[2J", "\x07", "\x7f", "\x85",
    "\x1b]8;;http://x\x07", "\x9b31m", "\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\ufffd", "\ufffe",
    "\U0010ffff", "../../etc/passwd", "/etc/passwd", "C:\\x", "a/b", "..", "%00", "%2e%2e/", "\x00", "и\u0306",
    "\u0301\u0301\u0301", "ﬁ", "\U0001d510", "\uff11\uff16 числа", "\u0663 мая", "СКАЗАЛ", "«" * 30, "— " * 20,
]  # fmt: skip
"""Markup, formulas, paths, controls and directions: what an article may bring to do harm elsewhere."""
