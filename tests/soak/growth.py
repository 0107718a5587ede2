"""Whether a figure grows: a line through its samples by least squares."""

# What the line may rise from the first sample to the last. More than what one sample differs from the next; a longer
# run with the same allowance sees a smaller leak.
ALLOWED = {
    'resident_kib': 3072,
    'descriptors': 4,
    'threads': 0.5,
    'database_kib': 2048,
    'log_bytes_per_message': 60,
}


def slope(points):
    """Of (x, y) pairs; 0 where one point is all there is."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def judged(samples):
    """samples: figure -> [(seconds, value)]. Yields figure, mean, slope an hour, rise, allowed rise."""
    for figure, allowed in ALLOWED.items():
        points = samples[figure]
        per_second = slope(points)
        yield (figure, sum(y for _, y in points) / len(points), per_second * 3600,
               per_second * (points[-1][0] - points[0][0]), allowed)


def table(samples):
    """Prints it; the figures that grow."""
    grown = []
    print(f'{"figure":24}{"mean":>12}{"slope an hour":>16}{"rise":>10}{"allowed":>10}')
    for figure, mean, hourly, rise, allowed in judged(samples):
        print(f'{figure:24}{mean:12.1f}{hourly:16.2f}{rise:10.2f}{allowed:10}' + ('  GROWS' if rise > allowed else ''))
        if rise > allowed:
            grown.append(figure)
    return grown


def self_test():
    flat = [(x, 100 + (-1) ** x) for x in range(100)]
    assert abs(slope(flat)) < 0.01 and abs(slope([(x, 3 * x + 7) for x in range(9)]) - 3) < 1e-9 and slope([(1, 1)]) == 0
    leak = {figure: flat for figure in ALLOWED} | {'descriptors': [(x, x / 10) for x in range(100)]}
    grown = [figure for figure, _, _, rise, allowed in judged(leak) if rise > allowed]
    assert grown == ['descriptors'], 'a leak is seen, and nothing else'


if __name__ == '__main__':
    self_test()
