"""The truths of the clips that score.py measures on, as boxes (left, top, right, bottom) of frames from 0."""
import collections
import csv
import math
import zipfile
import zlib

OPENING = 9
# A box of hit-uav-sequences moves by itself if it goes further than this against the ground, in pixels, and is grown to this side.
LEAST_MOTION = 5
LEAST_SIDE = 20
LEAST_IOU = 0.5

# What one frame of several objects has: boxes that are to be found, and boxes in which nothing is wrong.
Scene = collections.namedtuple("Scene", "wanted neutral")


def overlap(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return max(0, width) * max(0, height)


def iou(a, b):
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return overlap(a, b) / (both - overlap(a, b)) if both > 0 else 0


def center(box):
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def holds(box, point):
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def grown(box):
    """The box with sides of at least LEAST_SIDE."""
    (x, y), w, h = center(box), max(LEAST_SIDE, box[2] - box[0]) / 2, max(LEAST_SIDE, box[3] - box[1]) / 2
    return x - w, y - h, x + w, y + h


def mapped(h, point):
    """Where a homography (nine numbers, row by row) puts a point."""
    x, y = point
    w = h[6] * x + h[7] * y + h[8]
    return (h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w


def box_rows(path):
    """The boxes (left, top, right, bottom) of `frame x y w h …` lines, None where nothing is visible."""
    boxes = []
    for line in path.read_text().splitlines():
        if not line.startswith("#"):
            x, y, w, h = map(float, line.split()[1:5])
            boxes.append((x, y, x + w, y + h) if w > 0 else None)
    return boxes


def tld_rows(path):
    """The same of TLD's corners, which count columns and rows from 1 and include the last ones."""
    corners = [tuple(map(float, line.split(","))) for line in path.read_text().splitlines()]
    return [None if math.isnan(left) else (left - 1, top - 1, right, bottom) for left, top, right, bottom in corners]


def mask_rows(png):
    """The rows of a 1-bit PNG as whole numbers whose highest bit is the first column, and the width."""
    position, width, data = 8, 0, b""
    while position < len(png):
        length, kind = int.from_bytes(png[position : position + 4], "big"), png[position + 4 : position + 8]
        body = png[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, depth = int.from_bytes(body[:4], "big"), body[8]
            if depth != 1:
                raise ValueError("the mask has more than one bit a pixel")
        elif kind == b"IDAT":
            data += body
        position += 12 + length
    data, count, rows = zlib.decompress(data), (width + 7) // 8, []
    last = bytes(count)
    for start in range(0, len(data), count + 1):
        row, method = bytearray(data[start + 1 : start + 1 + count]), data[start]
        for i in range(count):
            left, above, corner = (row[i - 1] if i else 0), last[i], (last[i - 1] if i else 0)
            guess = left + above - corner
            paeth = min((left, above, corner), key=lambda v: abs(guess - v))
            row[i] = (row[i] + (0, left, above, (left + above) // 2, paeth)[method]) & 255
        last = bytes(row)
        rows.append(int.from_bytes(row, "big") >> (8 * count - width))
    return rows, width


def shrunk(rows, size, width):
    """The rows after an erosion by size × size; what lies outside counts as set, as in OpenCV."""
    reach, full = size // 2, (1 << width) - 1
    padded = [row << reach | (full << width + reach | (1 << reach) - 1) & ((1 << width + 2 * reach) - 1) for row in rows]
    across = [full] * len(rows)
    for shift in range(size):
        across = [row & (wide >> shift & full) for row, wide in zip(across, padded)]
    result = []
    for y in range(len(rows)):
        row = full
        for other in across[max(0, y - reach) : y + reach + 1]:
            row &= other
        result.append(row)
    return result


def opened(rows, size, width):
    """The rows after an opening: a dilation is an erosion of the rest."""
    full = (1 << width) - 1
    return [full ^ row for row in shrunk([full ^ row for row in shrunk(rows, size, width)], size, width)]


def body_rows(path):
    """The box of each mask of an archive after an opening."""
    boxes = []
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            rows, width = mask_rows(archive.read(name))
            rows = opened(rows, OPENING, width)
            used, columns = [y for y, row in enumerate(rows) if row], 0
            for row in rows:
                columns |= row
            right = width - ((columns & -columns).bit_length() - 1)
            boxes.append((width - columns.bit_length(), used[0], right, used[-1] + 1) if used else None)
    return boxes


def thermal_motions(folder):
    """hit-uav-sequences: the rows (identity, box, conf) of each frame, and the identities of conf 1 that move against the ground since the frame
    before, by the homographies of motion.csv."""
    maps = {int(row["frame"]): [float(row[f"h{i}{j}"]) for i in (1, 2, 3) for j in (1, 2, 3)]
            for row in csv.DictReader((folder / "motion.csv").open())}
    frames = collections.defaultdict(list)
    for line in (folder / "gt.txt").read_text().splitlines():
        frame, identity, *corners, conf, _, _ = map(float, line.split(","))
        box = min(corners[::2]), min(corners[1::2]), max(corners[::2]), max(corners[1::2])
        frames[int(frame)].append((identity, box, conf))
    before = {}
    for frame in range(1, max(frames) + 1):
        present = {identity: center(box) for identity, box, conf in frames[frame] if conf}
        moved = {i for i, place in present.items()
                 if i in before and frame in maps and math.dist(place, mapped(maps[frame], before[i])) > LEAST_MOTION}
        yield frames[frame], moved
        before = present


def thermal_scenes(folder):
    """hit-uav-sequences: boxes of conf 1 that move against the ground are wanted, nothing is wrong in any box."""
    return [Scene([grown(b) for i, b, conf in rows if conf and i in moved], [grown(b) for _, b, _ in rows])
            for rows, moved in thermal_motions(folder)]


def aerial_scenes(folder, sequence, maps):
    """aerial-cars: boxes that overlap none of the frame before by half, laid onto it by the given maps (frame: previous to present)."""
    frames = collections.defaultdict(list)
    for line in (folder / "labels.txt").read_text().splitlines():
        fields = line.split()
        if fields[0].startswith(sequence + "-"):
            x, y = [float(v) for v in fields[1:9:2]], [float(v) for v in fields[2:9:2]]
            frames[int(fields[0].rsplit("-", 1)[1])].append((min(x), min(y), max(x), max(y)))
    scenes, before = [], None
    for frame in range(max(frames) + 1):
        h = maps.get(frame, [1, 0, 0, 0, 1, 0, 0, 0, 1])
        laid = [mapped(h, b[:2]) + mapped(h, b[2:]) for b in before or []]
        moved = [b for b in frames[frame] if all(iou(b, other) < LEAST_IOU for other in laid)] if before is not None else []
        scenes.append(Scene(moved, frames[frame]))
        before = frames[frame]
    return scenes
