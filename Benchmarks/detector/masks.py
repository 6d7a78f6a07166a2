#!/usr/bin/env python3
"""The mean overlap of found boxes and of their masks with the true masks, by film.

usage: masks.py BOXES.jsonl

BOXES.jsonl is what `sextant detect` writes for pictures of a folder made by davis.sh, whose label images (grey, 8 bits, one object) are found beside
them. Of each picture the box counts that is nearest to the truth as a mask itself.
"""
import json
import math
import struct
import sys
import zlib


def label_image(path):
    """Width, height and rows of a grey PNG of 8 bits."""
    data, place, packed = open(path, "rb").read(), 8, b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place:place + 8])
        part = data[place + 8:place + 8 + length]
        place += 12 + length
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", part[:10])
        elif kind == b"IDAT":
            packed += part
    if (depth, color) != (8, 0):
        sys.exit(f"{path} is no grey picture of 8 bits")
    raw, above, rows = zlib.decompress(packed), bytearray(width), []
    for y in range(height):
        start = y * (width + 1)
        row = bytearray(raw[start + 1:start + width + 1])
        for x in range(width):
            left, up, corner = row[x - 1] if x else 0, above[x], above[x - 1] if x else 0
            row[x] = (row[x] + predicted(raw[start], left, up, corner)) & 255
        rows.append(row)
        above = row
    return width, height, rows


def predicted(rule, left, up, corner):
    """PNG's five filters."""
    if rule < 4:
        return (0, left, up, (left + up) // 2)[rule]
    whole = left + up - corner
    return min((left, up, corner), key=lambda value: abs(whole - value))


def runs(mask):
    """The pixels of COCO's compressed run lengths, counted column by column."""
    counts, value, shift = [], 0, 0
    for byte in mask["counts"].encode():
        group = byte - 48
        value |= (group & 31) << shift
        shift += 5
        if group & 32:
            continue
        if group & 16:
            value |= -1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = shift = 0
    pixels, place = set(), 0
    for number, count in enumerate(counts):
        if number % 2:
            pixels.update(range(place, place + count))
        place += count
    return pixels


def box_pixels(box, width, height):
    """The pixels whose middles lie in a box, counted likewise."""
    c, s = math.cos(box["angle"]), math.sin(box["angle"])
    pixels = set()
    for x in range(width):
        for y in range(height):
            dx, dy = x + 0.5 - box["cx"], y + 0.5 - box["cy"]
            if abs(c * dx + s * dy) <= box["w"] / 2 and abs(c * dy - s * dx) <= box["h"] / 2:
                pixels.add(x * height + y)
    return pixels


def iou(a, b):
    return len(a & b) / max(1, len(a | b))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    films = {}
    for line in open(sys.argv[1]):
        record = json.loads(line)
        path = record["image"].replace("JPEGImages", "Annotations").replace(".jpg", ".png")
        width, height, rows = label_image(path)
        truth = {x * height + y for y in range(height) for x in range(width) if rows[y][x]}
        pairs = [
            (iou(box_pixels(box, width, height), truth), iou(runs(box["mask"]), truth) if "mask" in box else 0)
            for box in record["boxes"][:20]
        ]
        films.setdefault(path.split("/")[-2], []).append(max(pairs, default=(0, 0)))
    for film, pairs in sorted(films.items()):
        mean = [sum(pair[side] for pair in pairs) / len(pairs) for side in range(2)]
        print(f"{film}: {len(pairs)} pictures, box {mean[0]:.3f}, mask {mean[1]:.3f}")


main()
