"""Whether a figure grows: a line through its samples, by least squares, and by the median of all pairs' slopes.

A heap that reaches a new height once, in the worst outage so far, is a step and no slope: least squares see a rise, the
median does not. What grows all the time raises both.
"""
import itertools
import statistics

# What both lines may rise from the first sample to the last: more than what one sample differs from the next. A longer
# run with the same allowance sees a smaller leak.
ALLOWED = {
    'resident_kib': 3072,
    'descriptors': 4,
    'threads': 0.5,
    'database_kib': 2048,
    'log_bytes_per_message': 60,
}


def slope(points):
    """Of (x, y) pairs, by least squares; 0 where one point is all there is."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def median_slope(points):
    """Of all pairs (Theil and Sen)."""
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.combinations(points, 2) if x2 > x1]
    return statistics.median(slopes) if slopes else 0.0


def judged(samples):
    """samples: figure -> [(seconds, value)]. Yields figure, mean, both slopes an hour, the smaller rise, what is allowed."""
    for figure, allowed in ALLOWED.items():
        points = samples[figure]
        slopes = slope(points), median_slope(points)
        yield (figure, sum(y for _, y in points) / len(points), slopes[0] * 3600, slopes[1] * 3600,
               min(slopes) * (points[-1][0] - points[0][0]), allowed)


def grown(samples):
    return [figure for figure, _, _, _, rise, allowed in judged(samples) if rise > allowed]


def table(samples):
    print(f'{"figure":24}{"mean":>12}{"slope an hour":>16}{"by medians":>14}{"rise":>10}{"allowed":>10}')
    for figure, mean, hourly, hourly_by_medians, rise, allowed in judged(samples):
        print(f'{figure:24}{mean:12.1f}{hourly:16.2f}{hourly_by_medians:14.2f}{rise:10.2f}{allowed:10}'
              + ('  GROWS' if rise > allowed else ''))


def self_test():
    flat = [(x, 100 + (-1) ** x) for x in range(100)]
    for by in (slope, median_slope):
        assert abs(by(flat)) < 0.01 and abs(by([(x, 3 * x + 7) for x in range(9)]) - 3) < 1e-9 and by([(1, 1)]) == 0
    step = [(x, 100 if x < 30 else 9000) for x in range(100)]
    steps = [(x, 1000 * (x // 10)) for x in range(100)]
    leak = {figure: flat for figure in ALLOWED} | {'descriptors': [(x, x / 10) for x in range(100)], 'resident_kib': step}
    assert grown(leak) == ['descriptors'], 'a leak is seen, and a single step is none'
    assert grown(leak | {'resident_kib': steps, 'descriptors': flat}) == ['resident_kib'], 'one after the other are'


if __name__ == '__main__':
    self_test()
