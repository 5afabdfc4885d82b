#!/usr/bin/env python3
"""Makes the boundaries of the demonstration packs: PACK/places.geojson from PACK/places.csv.

    scripts/synthetic-boundaries.py DISTRICTS_GCJ02.geojson PACK_DIR...

The district's outline comes from the file (GCJ-02, converted to WGS-84 and simplified). Everything
below it is made up: the outline is cut in two again and again by straight lines until each street,
community, grid and micro-grid has its piece. Streets are put roughly where the real ones lie, so
that a map does not mislead more than it must; the lines themselves mean nothing.

Coordinates are whole millionths of a degree. A cut is reckoned once, and every vertex that ends up
on somebody's edge is made a vertex of that edge, so that neighbours share their vertices. At the
end the script proves it: among the children of a place every edge is used once in each direction
or belongs to the parent's outline, and their areas add up to the parent's exactly.

Python's standard library only; the same input gives the same bytes.
"""

import csv
import json
import math
import os
import sys

UNIT = 1_000_000
SIMPLIFY_UNITS = 400       # about 40 m
ON_EDGE_UNITS = 4          # about 0.4 m: cuts are rounded to whole units, several deep

# Rough centres (longitude, latitude) of real streets and towns, from general knowledge.
CENTRES = {
    "330113001": (120.300, 30.425), "330113002": (120.305, 30.395), "330113003": (120.325, 30.450),
    "330113004": (120.245, 30.395), "330113005": (120.290, 30.360), "330113006": (120.330, 30.490),
    "330113007": (120.175, 30.390), "330113100": (120.180, 30.470),
    "330102001": (120.150, 30.238), "330102003": (120.160, 30.252), "330102004": (120.175, 30.252),
    "330102008": (120.163, 30.205), "330102009": (120.175, 30.228), "330102010": (120.188, 30.235),
    "330102011": (120.200, 30.262), "330102012": (120.205, 30.248), "330102013": (120.198, 30.282),
    "330102014": (120.222, 30.250), "330102015": (120.245, 30.275), "330102016": (120.232, 30.308),
    "330102017": (120.225, 30.350), "330102018": (120.272, 30.308),
    "330114001": (120.325, 30.310), "330114002": (120.365, 30.292), "330114003": (120.430, 30.295),
    "330114004": (120.500, 30.270), "330114005": (120.560, 30.290), "330114006": (120.600, 30.250),
    "330114007": (120.600, 30.330),
    "330111001": (119.950, 30.060), "330111002": (119.985, 30.035), "330111004": (119.900, 30.035),
    "330111005": (120.055, 30.090), "330111006": (120.000, 30.150), "330111100": (119.540, 30.110),
    "330111101": (119.640, 30.090), "330111103": (119.690, 29.920), "330111105": (119.610, 29.950),
    "330111108": (120.080, 30.030), "330111109": (120.050, 29.870), "330111110": (119.860, 29.895),
    "330111111": (119.840, 29.830), "330111112": (119.950, 29.900), "330111115": (119.720, 29.975),
    "330111116": (119.760, 30.040), "330111117": (119.985, 29.950), "330111118": (120.040, 30.010),
    "330111200": (119.780, 29.870), "330111201": (120.020, 29.920), "330111204": (119.910, 29.960),
    "330111205": (119.910, 29.790), "330111206": (119.850, 30.080), "330111207": (120.130, 30.060),
}


# ---- GCJ-02 to WGS-84: the published offset formula, inverted by iteration ----

def gcj_offset(lon, lat):
    x, y = lon - 105.0, lat - 35.0
    wave = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    d_lat += (wave + 20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    d_lat += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    d_lon += (wave + 20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    d_lon += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    axis, squash = 6378245.0, 0.00669342162296594323
    magic = 1 - squash * math.sin(math.radians(lat)) ** 2
    d_lat = math.degrees(d_lat * magic * math.sqrt(magic) / (axis * (1 - squash)))
    d_lon = math.degrees(d_lon * math.sqrt(magic) / (axis * math.cos(math.radians(lat))))
    return d_lon, d_lat


def wgs84(lon, lat):
    x, y = lon, lat
    for _ in range(8):
        d_lon, d_lat = gcj_offset(x, y)
        x, y = lon - d_lon, lat - d_lat
    return x, y


# ---- rings of whole units, without the closing point ----

def area2(ring):
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in edges(ring))


def edges(ring):
    return zip(ring, ring[1:] + ring[:1])


def distance(p, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / ((dx * dx + dy * dy) or 1)
    t = min(1, max(0, t))
    return math.hypot(a[0] + t * dx - p[0], a[1] + t * dy - p[1])


def simplified(line):
    """Douglas and Peucker's way, with a stack."""
    keep = {0, len(line) - 1}
    stack = [(0, len(line) - 1)]
    while stack:
        a, b = stack.pop()
        if b - a < 2:
            continue
        far, at = max((distance(line[i], line[a], line[b]), i) for i in range(a + 1, b))
        if far > SIMPLIFY_UNITS:
            keep.add(at)
            stack += [(a, at), (at, b)]
    return [line[i] for i in sorted(keep)]


def outline(feature):
    rings = [polygon[0] for polygon in feature["geometry"]["coordinates"]]
    ring = max(rings, key=lambda r: abs(area2([tuple(p) for p in r])))
    units = [tuple(round(c * UNIT) for c in wgs84(*p[:2])) for p in ring]
    half = len(units) // 2
    ring = simplified(units[:half + 1])[:-1] + simplified(units[half:])[:-1]
    return ring if area2(ring) > 0 else ring[::-1]


# ---- cutting ----

def cut(ring, normal, offset):
    """The pieces of a simple ring on either side of a line: (below, above)."""
    side = [normal[0] * x + normal[1] * y - offset for x, y in ring]
    side = [s if abs(s) > 1e-7 else 1e-7 for s in side]
    if all(s > 0 for s in side):
        return [], [ring]
    if all(s < 0 for s in side):
        return [ring], []
    points, crossings = [], []
    for i, p in enumerate(ring):
        points.append((p, side[i] > 0, None))
        j = (i + 1) % len(ring)
        if (side[i] > 0) != (side[j] > 0):
            t = side[i] / (side[i] - side[j])
            q = ring[j]
            crossing = (round(p[0] + t * (q[0] - p[0])), round(p[1] + t * (q[1] - p[1])))
            exact = (-normal[1] * (p[0] + t * (q[0] - p[0])) + normal[0] * (p[1] + t * (q[1] - p[1])))
            crossings.append((exact, len(points)))
            points.append((crossing, None, len(points)))
    crossings.sort()
    partner = {}
    for (_, a), (_, b) in zip(crossings[::2], crossings[1::2]):
        partner[a], partner[b] = b, a
    out = ([], [])
    for above in (False, True):
        left = [i for i, (_, s, _) in enumerate(points) if s is above]
        unseen = set(left)
        for start in left:
            if start not in unseen:
                continue
            piece, i = [], start
            while True:
                point, s, crossing = points[i]
                piece.append(point)
                unseen.discard(i)
                i = (i + 1) % len(points)
                if crossing is None and points[i][2] is not None:
                    piece.append(points[i][0])
                    i = partner[i]
                    piece.append(points[i][0])
                    i = (i + 1) % len(points)
                if i == start:
                    break
            piece = [p for k, p in enumerate(piece) if p != piece[k - 1]]
            if len(piece) > 2 and area2(piece) != 0:
                out[above].append(piece)
    return out


def cut_all(region, normal, offset):
    below, above = [], []
    for ring in region:
        b, a = cut(ring, normal, offset)
        below += b
        above += a
    return below, above


def size(region):
    return sum(abs(area2(ring)) for ring in region)


def middle(region):
    xs = [p[0] for ring in region for p in ring]
    ys = [p[1] for ring in region for p in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def share(region, children, depth=0):
    """A region for each child, in the children's order: {code: region}."""
    if len(children) == 1:
        return {children[0]: region}
    xs = [p[0] for ring in region for p in ring]
    ys = [p[1] for ring in region for p in ring]
    squeeze = math.cos(math.radians(middle(region)[1] / UNIT))
    wide = (max(xs) - min(xs)) * squeeze > max(ys) - min(ys)
    placed = all(code in CENTRES for code in children)
    best = None
    for step in range(24):
        # Around the long axis, a little askew so that the map does not look like a chessboard.
        tilt = math.radians((step * 7 + depth * 11) % 50 - 25)
        angle = tilt if wide else tilt - math.pi / 2
        normal = (math.cos(angle), math.sin(angle))
        along = lambda p: normal[0] * p[0] + normal[1] * p[1]
        if placed:
            order = sorted(children, key=lambda c: along([v * UNIT for v in CENTRES[c]]))
            ends = [along([v * UNIT for v in CENTRES[c]]) for c in order]
            tries = [(k, (ends[k - 1] + ends[k]) / 2) for k in range(1, len(order)) if ends[k] - ends[k - 1] > 3000]
        else:
            order = list(children)
            half = len(order) // 2
            low, high = min(along(p) for r in region for p in r), max(along(p) for r in region for p in r)
            for _ in range(40):
                offset = (low + high) / 2
                below = size(cut_all(region, normal, offset)[0])
                low, high = (offset, high) if below < size(region) * half / len(order) else (low, offset)
            tries = [(half, offset)]
        for k, offset in tries:
            below, above = cut_all(region, normal, offset)
            if not below or not above:
                continue
            pieces = len(below) + len(above) - len(region)
            smallest = min(size(r) / n for r, n in ((below, k), (above, len(order) - k)))
            uneven = abs(2 * k - len(order)) if placed else 0
            score = (pieces, round(uneven * 0.5 + step * 0.05 - 2 * smallest * len(order) / size(region), 6))
            if best is None or score < best[0]:
                best = (score, order[:k], below, order[k:], above)
    _, first, below, second, above = best
    return {**share(below, first, depth + 1), **share(above, second, depth + 1)}


# ---- shared vertices ----

def noded(regions):
    """Every vertex that lies on an edge becomes a vertex of that edge."""
    cell = 4000
    grid = {}
    for point in sorted({p for region in regions.values() for ring in region for p in ring}):
        grid.setdefault((point[0] // cell, point[1] // cell), []).append(point)

    def near(a, b):
        for cx in range(min(a[0], b[0]) // cell - 1, max(a[0], b[0]) // cell + 2):
            for cy in range(min(a[1], b[1]) // cell - 1, max(a[1], b[1]) // cell + 2):
                yield from grid.get((cx, cy), ())

    def edge(a, b):
        on = [p for p in near(a, b) if p != a and p != b and distance(p, a, b) < ON_EDGE_UNITS]
        dx, dy = b[0] - a[0], b[1] - a[1]
        key = lambda p: (p[0] - a[0]) * dx + (p[1] - a[1]) * dy
        return [a] + sorted((p for p in on if 0 < key(p) < dx * dx + dy * dy), key=key)

    return {code: [[p for a, b in edges(ring) for p in edge(a, b)] for ring in region] for code, region in regions.items()}


def proved(parent, parts):
    """Whether the parts fill the parent exactly, edge by edge."""
    loose = {}
    for ring in (ring for part in parts for ring in part):
        for a, b in edges(ring):
            if loose.get((b, a)):
                loose[b, a] -= 1
            else:
                loose[a, b] = loose.get((a, b), 0) + 1
    for ring in parent:
        for a, b in edges(ring):
            loose[a, b] = loose.get((a, b), 0) - 1
    same_area = sum(area2(r) for r in parent) == sum(area2(r) for part in parts for r in part)
    return same_area and all(n == 0 for n in loose.values())


# ---- packs ----

def pack(directory, districts):
    with open(os.path.join(directory, "places.csv"), encoding="utf-8", newline="") as file:
        places = [row for row in csv.DictReader(file) if not row["kind"]]
    level = {row["code"]: row["level"] for row in places}
    below = {}
    for row in places:
        below.setdefault(row["parent"], []).append(row["code"])
    drawn = {row["code"] for row in places if row["synthetic"] == "yes" or not row["parent"]}
    (root,) = below[""]
    regions = {root: [outline(districts[root])]}
    queue = [root]
    while queue:
        parent = queue.pop(0)
        children = [code for code in below.get(parent, []) if code in drawn]
        if children:
            parts = share(regions[parent], children)
            # Grids are numbered from west to east, then north to south: pieces go to codes in that order.
            if not all(code in CENTRES for code in children):
                spots = sorted(parts.values(), key=lambda r: (middle(r)[0] - middle(r)[1], middle(r)))
                parts = dict(zip(children, spots))
            regions.update(parts)
            queue += children
    regions = noded(regions)
    for parent, children in below.items():
        parts = [regions[code] for code in children if code in regions]
        if parent and parts and not proved(regions[parent], parts):
            sys.exit(f"{directory}: the parts of {parent} do not fill it exactly")
    lines = []
    for code in sorted(regions, key=lambda c: (len(c), c)):
        rings = [[[x / UNIT, y / UNIT] for x, y in ring + ring[:1]] for ring in regions[code]]
        shape = {"type": "Polygon", "coordinates": rings} if len(rings) == 1 else \
            {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
        feature = {"type": "Feature", "properties": {"code": code}, "geometry": shape}
        lines.append(json.dumps(feature, separators=(",", ":")))
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    with open(os.path.join(directory, "places.geojson"), "w", encoding="utf-8") as file:
        file.write(text)
    several = sum(len(r) > 1 for r in regions.values())
    print(f"{directory}: {len(regions)} boundaries ({len(level)} places), {several} in several pieces, {len(text)} bytes")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        districts = {str(f["properties"]["adcode"]): f for f in json.load(file)["features"]}
    for directory in sys.argv[2:]:
        pack(directory, districts)


main()
