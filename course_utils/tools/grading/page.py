"""The one page that feedback and report share: plain HTML that loads nothing."""

from __future__ import annotations

from html import escape

from .gradebook import visible

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
:root{color-scheme:light}
body{margin:0;background:#fff;color:#1f2328;font:16px/1.55 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.2rem;margin:2.25rem 0 .5rem;padding-top:.75rem;
 border-top:1px solid #d0d7de}
h1,h2,td,th,li{overflow-wrap:anywhere}
p.lead{color:#57606a;margin:.25rem 0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;
 border-bottom:1px solid #d0d7de}
th{font-weight:600;color:#57606a;font-size:.9rem}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
pre{background:#f6f8fa;border:1px solid #d0d7de;border-radius:6px;padding:.75rem 1rem;
 overflow-x:auto;font:14px/1.5 ui-monospace,Menlo,Consolas,monospace;
 unicode-bidi:plaintext}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em}
.notes{background:#fff8e5;border-left:6px solid #e69f00;
 padding:.5rem 1rem;margin:1rem 0}
.bar{display:inline-block;height:.7rem;background:#0072b2;border-radius:2px}
td>code{white-space:nowrap}ul{padding-left:1.25rem}svg{max-width:100%;height:auto}
@media print{pre{white-space:pre-wrap}}
""".strip()


def text(value: object) -> str:
    """Anything a student may have written, inert."""
    return escape(visible(str(value)))


def name(value: str) -> str:
    """A name that keeps its own direction."""
    return f"<bdi>{text(value)}</bdi>"


def items(values: list[str]) -> str:
    """A list of lines of text."""
    return f"<ul>{''.join(f'<li>{text(value)}</li>' for value in values)}</ul>"


def table(heads: list[str], rows: list[list[str]], numbers: int) -> str:
    """A table of HTML; the last `numbers` columns are numbers."""
    edge = len(heads) - numbers

    def line(tag: str, cells: list[str]) -> str:
        kinds = [' class="n"' if i >= edge else "" for i in range(len(cells))]
        pairs = zip(kinds, cells, strict=True)
        return f"<tr>{''.join(f'<{tag}{k}>{cell}</{tag}>' for k, cell in pairs)}</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><thead>{line('th', heads)}</thead><tbody>{body}</tbody></table>"


def page(title: str, body: str) -> str:
    """A whole page that runs no script and asks nothing of the network."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{text(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )
