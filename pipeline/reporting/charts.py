"""Pictures as inline SVG that need no script, no font and no fixed width.

Places are percentages, so a picture is as wide as its column and its words stay as large as the
text around it. Each has a title and a description for those who do not see it; the numbers stand
beside it as a table as well. Colours come from the page's style, by class.
"""

from collections.abc import Mapping, Sequence

import msgspec
from markupsafe import Markup

from pipeline.reporting.visible import visible

HEIGHT = 150
"""Of a histogram or a curve, in CSS pixels, words at its foot not counted."""
FOOT = 20
LINES = 4
_SHADES = 6


class Bin(msgspec.Struct, frozen=True):
    """A bar of a histogram; `is_kept` is False where it lies outside of a band."""

    label: str
    count: int
    is_kept: bool = True


def bar(share: float, tone: str = "") -> Markup:
    """A bar of a table's row, for a number that is written beside it."""
    return Markup(
        '<svg class="bar {}" aria-hidden="true"><rect width="100%" class="track" rx="3"/>'
        '<rect width="{}" rx="3"/></svg>'
    ).format(tone, _percent(share))


def stack(name: str, title: str, parts: Sequence[tuple[str, float, str]]) -> Markup:
    """One bar in pieces: each with its name, its share and a class."""
    drawn, at = Markup(), 0.0
    for label, share, tone in parts:
        drawn += Markup('<rect x="{}" width="{}" class="{}"><title>{}</title></rect>').format(
            _percent(at), _percent(share), tone, visible(f"{label}: {share:.1%}")
        )
        at += share
    told = ", ".join(f"{label} {share:.1%}" for label, share, _ in parts)
    return _picture(name, "stack", 26, title, told, drawn)


def shade(index: int) -> str:
    """The class of the n-th piece that is lost; neighbours differ."""
    return f"lost shade{index % _SHADES}"


def histogram(name: str, title: str, bins: Sequence[Bin], unit: str = "") -> Markup:
    """Bars beside each other, the first and the last and some between named at the foot."""
    most = max((one.count for one in bins), default=0) or 1
    width = 100 / (len(bins) or 1)
    highest = next((index for index, one in enumerate(bins) if one.count == most), None)
    drawn = Markup()
    for index, one in enumerate(bins):
        height = HEIGHT * one.count / most
        height = max(height, 2) if one.count else 0  # a single one among thousands is seen, too
        drawn += Markup(
            '<rect x="{}" width="{}" y="{}" height="{}" class="{}"><title>{}</title></rect>'
        ).format(
            f"{index * width + width * 0.06:.3f}%",
            f"{width * 0.88:.3f}%",
            f"{HEIGHT - height:.1f}",
            f"{height:.1f}",
            "" if one.is_kept else "outside",
            visible(f"{one.label}{unit}: {one.count:,}"),
        )
        if index == highest:
            drawn += Markup('<text x="{}" y="-5" class="most">{}</text>').format(
                f"{(index + 0.5) * width:.2f}%", f"{most:,}"
            )
    drawn += _foot([(index * width, one.label) for index, one in _some(bins)])
    told = ", ".join(f"{one.label}: {one.count}" for one in bins if one.count)
    return _picture(name, "histogram", HEIGHT + FOOT, title, told, drawn)


def curve(
    name: str, title: str, series: Mapping[str, Sequence[tuple[float, float]]], unit: str
) -> Markup:
    """Lines through points; the vertical scale begins at nothing."""
    points = [point for line in series.values() for point in line]
    first, last = min(x for x, _ in points), max(x for x, _ in points)
    top = max((y for _, y in points), default=0.0) or 1.0
    drawn = _grid(top)
    lines = Markup()
    for index, line in enumerate(series.values()):
        places = " ".join(
            f"{100 * (x - first) / ((last - first) or 1):.2f},{100 - 100 * y / top:.2f}"
            for x, y in line
        )
        lines += Markup('<polyline points="{}" class="line{}"/>').format(places, index % 4)
    drawn += Markup(
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="{}">{}</svg>'
    ).format(HEIGHT, lines)
    middle = first + (last - first) / 2
    drawn += _foot([(0, f"{unit} {first:g}"), (50, f"{middle:g}"), (100, f"{last:g}")])
    told = "; ".join(
        f"{label}: from {line[0][1]:.3g} to {line[-1][1]:.3g} in {len(line)} points"
        for label, line in series.items()
    )
    return _picture(name, "curve", HEIGHT + FOOT, title, told, drawn)


def interval(
    mean: float, low: float | None, high: float | None, lowest: float, highest: float
) -> Markup:
    """A mean as a dot, with its interval as a line, on a scale that its table shares."""

    def at(value: float) -> str:
        share = (value - lowest) / ((highest - lowest) or 1)
        return f"{2 + 96 * min(max(share, 0), 1):.2f}%"

    whisker = Markup()
    if low is not None and high is not None:
        whisker = Markup('<line x1="{}" x2="{}" y1="50%" y2="50%" class="whisker"/>').format(
            at(low), at(high)
        )
    return Markup(
        '<svg class="interval" aria-hidden="true"><line x1="0" x2="100%" y1="50%" y2="50%"'
        ' class="axis"/>{}<circle cx="{}" cy="50%" r="4.5"/></svg>'
    ).format(whisker, at(mean))


def _picture(name: str, kind: str, height: int, title: str, told: str, drawn: Markup) -> Markup:
    return Markup(
        '<svg class="picture {kind}" width="100%" height="{height}" role="img"'
        ' aria-labelledby="{name}-title {name}-told"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-told">{told}</desc>{drawn}</svg>'
    ).format(
        kind=kind, height=height, name=name, title=visible(title), told=visible(told), drawn=drawn
    )


def _grid(top: float) -> Markup:
    drawn = Markup()
    for step in range(LINES + 1):
        y = HEIGHT * step / LINES
        drawn += Markup('<line x1="0" x2="100%" y1="{0}" y2="{0}" class="grid"/>').format(f"{y:g}")
        if step < LINES:
            drawn += Markup('<text x="-8" y="{}" class="scale">{}</text>').format(
                f"{y + 4:g}", f"{top * (LINES - step) / LINES:.3g}"
            )
    return drawn


def _foot(labels: Sequence[tuple[float, str]]) -> Markup:
    drawn = Markup()
    for at, label in labels:
        drawn += Markup('<text x="{}" y="{}" class="{}">{}</text>').format(
            f"{at:.2f}%", HEIGHT + 15, _anchor(at), visible(label)
        )
    return drawn


def _anchor(at: float) -> str:
    return "from-left" if at < 5 else "from-right" if at > 95 else "centred"


def _some(bins: Sequence[Bin]) -> list[tuple[int, Bin]]:
    """Few enough to be read on a phone."""
    step = max(1, len(bins) // 5)
    return [(index, one) for index, one in enumerate(bins) if index % step == 0]


def _percent(share: float) -> str:
    return f"{100 * min(max(share, 0.0), 1.0):.3f}%"
