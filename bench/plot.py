"""The plot: one strip a contestant, answers and failures over time, as SVG by hand."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

WIDTH, LEFT, RIGHT, TOP, STRIP, GAP = 1300, 190, 20, 70, 84, 30
ANSWERED, FAILED, SWITCH, INK = '#7d9db5', '#d01c1f', '#f3dfa2', '#333'
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def text(
    x: float,
    y: float,
    words: object,
    anchor: str = 'start',
    size: int = 12,
    colour: str = INK,
    weight: str = 'normal',
) -> str:
    """Return words at a place."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{colour}" font-weight="{weight}">{escape(str(words))}</text>'
    )


def box(x: float, y: float, width: float, height: float, colour: str) -> str:
    """Return a filled box."""
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{colour}"/>'
    )


def boxes(places: Iterable[tuple[float, float, float, float]], colour: str) -> str:
    """Many of them as one path: [(x, y, width, height)]."""
    drawn = ''.join(
        f'M{x:.1f} {y:.1f}h{width:.2f}v{height:.1f}h-{width:.2f}z' for x, y, width, height in places
    )
    return f'<path d="{drawn}" fill="{colour}" shape-rendering="crispEdges"/>'


def step_of(most: float, count: float) -> int:
    """A round distance between marks, for about `count` of them up to `most`."""
    return next((step for step in STEPS if most / step <= count), STEPS[-1])


def line(x1: float, y1: float, x2: float, y2: float, colour: str = '#999') -> str:
    """Return a line."""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="1"/>'
    )


def bars(times: Mapping[str, Any], bottom: float, high: int, scale: float) -> list[str]:
    """Answers, and failures in red upon them.

    What is higher than the strip is cut: the numbers tell the rest.
    """
    width = times['bucket_ms'] / 1000 * scale
    blues, reds = [], []
    for at, (answered, failed) in enumerate(zip(times['ok'], times['failed'])):
        blue, both = min(answered, high), min(answered + failed, high)
        red = max(both - blue, min(failed, high) and 3 * high / STRIP) if failed else 0
        blue = min(blue, high - red)
        if blue:
            blues.append(
                (LEFT + at * width, bottom - blue * STRIP / high, width, blue * STRIP / high)
            )
        if red:
            # Never thinner than can be seen.
            reds.append(
                (
                    LEFT + at * width,
                    bottom - (blue + red) * STRIP / high,
                    max(width, 1.5),
                    red * STRIP / high,
                )
            )
    return [boxes(blues, ANSWERED), boxes(reds, FAILED)]


def strip(name: str, result: Mapping[str, Any], top: float, high: int, scale: float) -> list[str]:
    """Return the strip of one contestant."""
    bottom, times = top + STRIP, result['timeline']
    drawn = [
        text(10, top + 16, name, size=14, weight='bold'),
        text(
            10,
            top + 36,
            f'{result["failed_mean"]} failed a switch',
            colour=FAILED if result['failed'] else INK,
        ),
        text(10, top + 54, f'of {result["switches"]}; {result["requests"]} requests', size=11),
    ]
    for (began, ended), failed in zip(times['switches'], result['failed_per_switch']):
        drawn.append(box(LEFT + began * scale, top, max(1, (ended - began) * scale), STRIP, SWITCH))
        drawn.append(
            text(
                LEFT + (began + ended) / 2 * scale,
                top - 4,
                failed,
                'middle',
                11,
                FAILED if failed else '#555',
            )
        )
    drawn += bars(times, bottom, high, scale)
    for count in (0, high // 2, high):
        drawn.append(text(LEFT - 6, bottom - count * STRIP / high + 4, count, 'end', 10))
    return [*drawn, line(LEFT, top, LEFT, bottom), line(LEFT, bottom, WIDTH - RIGHT, bottom)]


def legend(title: str) -> list[str]:
    """Return what the colours mean."""
    drawn = [text(10, 22, title, size=16, weight='bold')]
    x = float(LEFT)
    for colour, words in (
        (ANSWERED, 'answered with 200'),
        (FAILED, 'failed'),
        (SWITCH, 'the contestant at work; above it, how many requests failed by it'),
    ):
        drawn += [box(x, 32, 12, 12, colour), text(x + 18, 42, words)]
        x += 40 + len(words) * 6.6
    return drawn + [text(10, 42, 'requests in 100 ms', size=11)]


def plot(title: str, results: Mapping[str, Mapping[str, Any]], rate: float) -> str:
    """Return the SVG for {contestant: result with its timeline}; rate: requests a second that
    are usual.
    """
    shown = {name: result for name, result in results.items() if 'timeline' in result}
    seconds = max([1] + [len(result['timeline']['ok']) / 10 for result in shown.values()])
    scale, high = (WIDTH - LEFT - RIGHT) / seconds, max(10, int(rate / 10 * 3))
    drawn, top = legend(title), TOP
    for name, result in shown.items():
        drawn += strip(name, result, top, high, scale)
        top += STRIP + GAP
    step = step_of(seconds, 15)
    for second in range(0, int(seconds) + 1, step):
        x = LEFT + second * scale
        drawn += [
            line(x, top - GAP, x, top - GAP + 5),
            text(x, top - GAP + 18, second, 'middle', 11),
        ]
    drawn.append(text((LEFT + WIDTH) / 2, top + 8, 'seconds since the load began', 'middle'))
    body = '\n'.join([box(0, 0, WIDTH, top + 20, '#fff'), *drawn])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top + 20}" '
        f'font-family="sans-serif">\n{body}\n</svg>\n'
    )
