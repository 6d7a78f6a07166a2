#!/usr/bin/env python3
"""Films of cut-out shapes that move over photographs, with their exact boxes: what a detector of moving objects learns from.

    Benchmarks/moving-object/collage.py PICTURES... -o FOLDER [--count 400] [--seed 1]

A film is a photograph under a camera that pans, turns, nears, shakes, follows an object or stands; pieces of scenery stand nearer and move by
parallax, which is no motion of theirs; shapes with limbs, cut from other photographs or the same one, go their own ways. Written are NNNN.mp4
(480×270, 25 a second, H.264 at a quality of chance) and NNNN.txt (13-column oriented MOT; confidence 0 where less than a quarter is seen).
Needs OpenCV, NumPy and ffmpeg.
"""
import argparse
import math
import pathlib
import random
import subprocess

import cv2
import numpy as np

WIDTH, HEIGHT, FRAMES, RATE = 480, 270, 40, 25
# Objects with less of them to be seen are neither found nor missed.
LEAST_SEEN, LEAST_PIXELS = 0.25, 40
# A rectangle along the shape is the truth where it is smaller than the upright one by this factor.
SLANT = 0.8


def log_uniform(rng, low, high):
    return math.exp(rng.uniform(math.log(low), math.log(high)))


class Wave:
    """A smooth random function of the frame: a sum of three sines around 0."""

    def __init__(self, rng, size, slowest=60, fastest=8):
        self.parts = [
            (rng.gauss(0, size / 2), 2 * math.pi / log_uniform(rng, fastest, slowest), rng.uniform(0, 2 * math.pi)) for _ in range(3)
        ]

    def __call__(self, t):
        return sum(a * math.sin(w * t + p) for a, w, p in self.parts)


def tinted(rng, picture):
    """The picture with other greys, sometimes plain."""
    gain, shift = log_uniform(rng, 0.4, 1.6), rng.uniform(-50, 50)
    flat = cv2.GaussianBlur(picture, (0, 0), log_uniform(rng, 0.5, 12)) if rng.random() < 0.4 else picture
    return np.clip((flat.astype(np.float32) - 128) * gain + 128 + shift, 0, 255)


def patch(rng, picture, side):
    """A square of a picture, enlarged or made smaller at random."""
    height, width = picture.shape[:2]
    cut = int(min(height, width, side * log_uniform(rng, 0.5, 2.5)))
    cut = max(16, cut)
    cut = min(cut, height, width)
    x, y = rng.randrange(width - cut + 1), rng.randrange(height - cut + 1)
    return cv2.resize(picture[y:y + cut, x:x + cut], (side, side), interpolation=cv2.INTER_AREA if cut > side else cv2.INTER_LINEAR)


class Shape:
    """A body of a few ovals and limbs that swing, textured, on a canvas of `side` pixels around its middle."""

    def __init__(self, rng, picture, size, is_stiff):
        self.side = max(24, int(size * 2.2))
        self.texture = tinted(rng, patch(rng, picture, self.side))
        half = size / 2
        ratio = log_uniform(rng, 0.35, 1)
        self.parts = []
        for _ in range(rng.choice([1, 2, 3])):
            self.parts.append(
                dict(kind=rng.choice(["oval", "oval", "box"]), x=rng.gauss(0, 0.15) * size, y=rng.gauss(0, 0.15) * size * ratio,
                     a=half * rng.uniform(0.5, 0.9), b=half * ratio * rng.uniform(0.5, 0.9), angle=rng.gauss(0, 25), wave=None))
        for _ in range(0 if is_stiff else rng.choice([0, 2, 3, 4])):
            self.parts.append(
                dict(kind="limb", x=rng.uniform(-0.4, 0.4) * size, y=rng.uniform(-0.3, 0.3) * size * ratio,
                     a=half * rng.uniform(0.4, 0.9), b=max(1, size * rng.uniform(0.04, 0.14)), angle=rng.uniform(0, 360),
                     wave=Wave(rng, 35, slowest=40, fastest=10)))

    def alpha(self, t):
        mask = np.zeros((self.side, self.side), np.uint8)
        middle = self.side / 2
        for part in self.parts:
            angle = part["angle"] + (part["wave"](t) if part["wave"] else 0)
            c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            x, y = middle + part["x"], middle + part["y"]
            if part["kind"] == "oval":
                cv2.ellipse(mask, ((x, y), (2 * part["a"], 2 * part["b"]), angle), 255, -1)
            elif part["kind"] == "box":
                corners = cv2.boxPoints(((x, y), (2 * part["a"], 2 * part["b"]), angle))
                cv2.fillConvexPoly(mask, corners.astype(np.int32), 255)
            else:
                end = (int(x + c * part["a"]), int(y + s * part["a"]))
                cv2.line(mask, (int(x), int(y)), end, 255, max(1, int(part["b"])))
        return mask


class Mover:
    """Something on the ground: where it is in the world, how large and how turned, by the frame."""

    def __init__(self, rng, picture, size, is_still, depth, speed):
        self.shape = Shape(rng, picture, size, is_still or rng.random() < 0.4)
        self.depth = depth
        self.start = np.array([rng.uniform(0.1, 0.9) * WIDTH, rng.uniform(0.15, 0.85) * HEIGHT])
        way = rng.uniform(0, 2 * math.pi)
        self.velocity = np.zeros(2) if is_still else speed * np.array([math.cos(way), 0.6 * math.sin(way)])
        self.sway = [Wave(rng, 0 if is_still else size * 0.05) for _ in range(2)]
        self.turn = rng.uniform(0, 360) if rng.random() < 0.3 else rng.gauss(0, 12)
        self.spin = 0 if is_still else rng.gauss(0, 0.6)
        self.growth = 0 if is_still else rng.gauss(0, 0.004)
        # What is left of the light in its shadow; 0 for none.
        self.shadow = 0 if rng.random() < 0.7 else rng.uniform(0.4, 0.8)

    def place(self, t):
        return self.start + self.velocity * (t - FRAMES / 2) + np.array([w(t) for w in self.sway])


class Camera:
    """A similarity from the world to the picture, by the frame."""

    def __init__(self, rng, followed):
        kind = rng.choice(["still", "pan", "pan", "follow", "follow", "shake"])
        speed = log_uniform(rng, 0.3, 12)
        way = rng.uniform(0, 2 * math.pi)
        self.velocity = np.zeros(2)
        self.followed = followed if kind == "follow" else None
        if kind == "pan":
            self.velocity = speed * np.array([math.cos(way), 0.5 * math.sin(way)])
        shake = 0 if kind == "still" else log_uniform(rng, 0.1, 5)
        self.sway = [Wave(rng, shake) for _ in range(2)]
        self.spin = Wave(rng, 0 if kind == "still" else log_uniform(rng, 0.02, 1.5))
        self.zoom = 0 if kind == "still" or rng.random() < 0.6 else rng.gauss(0, 0.004)
        self.lag = Wave(rng, 6)

    def offset(self, t):
        sway = np.array([w(t) for w in self.sway])
        if self.followed is not None:
            return self.followed.place(t) - self.followed.start + sway + self.lag(t)
        return self.velocity * (t - FRAMES / 2) + sway

    def matrix(self, t, depth):
        """World of a depth to picture: nearer things shift more."""
        scale = math.exp(self.zoom * (t - FRAMES / 2))
        angle = math.radians(self.spin(t))
        c, s = scale * math.cos(angle), scale * math.sin(angle)
        middle = np.array([WIDTH / 2, HEIGHT / 2])
        linear = np.array([[c, -s], [s, c]])
        shift = middle - linear @ (middle + self.offset(t) * depth)
        return np.hstack([linear, shift[:, None]])


def composed(a, b):
    """The map b, then a; 2×3 matrices."""
    return np.vstack([a, [0, 0, 1]])[:2] @ np.vstack([b, [0, 0, 1]])


class Film:
    def __init__(self, rng, pictures):
        self.rng = rng
        ground = rng.choice(pictures)
        self.ground = tinted(rng, ground) if rng.random() < 0.5 else ground.astype(np.float32)
        height, width = self.ground.shape[:2]
        self.ground_scale = max(1.3 * WIDTH / width, 1.3 * HEIGHT / height) * log_uniform(rng, 1, 1.8)
        others = lambda: ground if rng.random() < 0.25 else rng.choice(pictures)
        sizes = lambda: log_uniform(rng, 14, 190)
        speed = lambda: log_uniform(rng, 0.5, 9)
        self.objects = [Mover(rng, others(), sizes(), False, 1, speed()) for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 5]))]
        if rng.random() < 0.6:
            self.objects[0].start = np.array([WIDTH / 2 + rng.gauss(0, 50), HEIGHT / 2 + rng.gauss(0, 30)])
        near = [Mover(rng, others(), log_uniform(rng, 30, 250), True, log_uniform(rng, 1.03, 1.6), 0) for _ in range(rng.choice([0, 0, 1, 3, 6]))]
        self.layers = [(m, i + 1) for i, m in enumerate(self.objects)] + [(m, 0) for m in near]
        rng.shuffle(self.layers)
        self.camera = Camera(rng, self.objects[0])
        self.slant = rng.choice([0, 0, 0.15, 0.4])
        self.light = Wave(rng, 0 if rng.random() < 0.7 else 0.04)
        self.noise = log_uniform(rng, 0.3, 5)
        self.blur = rng.choice([1, 1, 3])

    def ground_picture(self, t):
        """The photograph; lower rows are nearer and shift more where the ground lies aslant."""
        matrix = self.camera.matrix(t, 1)
        height, width = self.ground.shape[:2]
        start = np.array([[self.ground_scale, 0, WIDTH / 2 - self.ground_scale * width / 2],
                          [0, self.ground_scale, HEIGHT / 2 - self.ground_scale * height / 2]])
        if self.slant:
            shift = self.camera.offset(t)[0] * self.slant / HEIGHT
            matrix = composed(np.array([[1, -shift, shift * HEIGHT / 2], [0, 1, 0]]), matrix)
        return cv2.warpAffine(self.ground, composed(matrix, start), (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)

    def layer(self, mover, t):
        shape = mover.shape
        angle, scale = math.radians(mover.turn + mover.spin * (t - FRAMES / 2)), math.exp(mover.growth * (t - FRAMES / 2))
        c, s = scale * math.cos(angle), scale * math.sin(angle)
        linear = np.array([[c, -s], [s, c]])
        shift = mover.place(t) - linear @ np.array([shape.side / 2, shape.side / 2])
        matrix = composed(self.camera.matrix(t, mover.depth), np.hstack([linear, shift[:, None]]))
        return (cv2.warpAffine(shape.texture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR),
                cv2.warpAffine(shape.alpha(t), matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR).astype(np.float32) / 255)

    def frame(self, t):
        picture = self.ground_picture(t)
        seen, whole = np.zeros((HEIGHT, WIDTH), np.uint8), {}
        for mover, number in self.layers:
            texture, alpha = self.layer(mover, t)
            if mover.shadow:
                offset = int(mover.shape.side * 0.08)
                shade = cv2.GaussianBlur(np.roll(alpha, (offset, offset), (0, 1)), (0, 0), 3) * (1 - mover.shadow)
                picture = picture * (1 - shade[..., None])
            picture += (texture - picture) * alpha[..., None]
            if number:
                whole[number] = int((alpha > 0.5).sum())
            seen[alpha > 0.5] = number
        return picture, seen, whole

    def rows(self, t, seen, whole):
        for number in range(1, len(self.objects) + 1):
            mask = (seen == number).astype(np.uint8)
            count = int(mask.sum())
            if count < 4:
                continue
            box = self.box(mask)
            # What lies outside of the picture is unknown here, so the seen share is of what lies inside.
            counts = count >= max(LEAST_PIXELS, LEAST_SEEN * whole.get(number, 0))
            yield f"{t + 1},{number}," + ",".join(f"{v:.2f}" for v in box) + f",{int(counts)},1,0"

    @staticmethod
    def box(mask):
        points = cv2.findNonZero(mask)
        x, y, w, h = cv2.boundingRect(points)
        (cx, cy), (a, b), angle = cv2.minAreaRect(points)
        # Points are the pixels' first corners: the rectangle is a pixel larger each way, and half a pixel further.
        a, b = a + 1, b + 1
        if a * b < SLANT * w * h:
            return cv2.boxPoints(((cx + 0.5, cy + 0.5), (a, b), angle)).flatten()
        return [x, y, x + w, y, x + w, y + h, x, y + h]

    def write(self, path):
        quality = self.rng.randrange(16, 32)
        encoder = subprocess.Popen(
            ["ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "-",
             "-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-crf", str(quality), "-pix_fmt", "yuv420p", str(path)],
            stdin=subprocess.PIPE)
        noise = np.random.default_rng(self.rng.randrange(1 << 32))
        lines = []
        for t in range(FRAMES):
            picture, seen, whole = self.frame(t)
            for step in range(1, self.blur):
                picture = picture + self.frame(t + 0.5 * step / self.blur)[0]
            picture = picture / self.blur * (1 + self.light(t))
            picture += noise.standard_normal(picture.shape, np.float32) * self.noise
            encoder.stdin.write(np.clip(picture, 0, 255).astype(np.uint8).tobytes())
            lines += self.rows(t, seen, whole)
        encoder.stdin.close()
        encoder.wait()
        path.with_suffix(".txt").write_text("".join(line + "\n" for line in lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", nargs="+", type=pathlib.Path)
    parser.add_argument("-o", "--output", required=True, type=pathlib.Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    pictures = [picture for picture in map(lambda p: cv2.imread(str(p), cv2.IMREAD_COLOR), options.pictures) if picture is not None]
    options.output.mkdir(parents=True, exist_ok=True)
    for number in range(options.first, options.first + options.count):
        Film(random.Random(options.seed * 1_000_003 + number), pictures).write(options.output / f"{number:04d}.mp4")


if __name__ == "__main__":
    main()
