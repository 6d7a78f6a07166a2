#!/usr/bin/env python3
"""Films of cut-out shapes that move over photographs, with their exact boxes: what a detector of moving objects learns from.

    Benchmarks/moving-object/collage.py PICTURES... -o FOLDER [--count 400] [--seed 1]

A film is a photograph under a camera that pans, turns, nears, shakes, follows an object or stands; leaves and other pieces of scenery stand
nearer or further and move by parallax, in the wind or as ripples, which is no motion of theirs; bodies of several parts (bodies.py), cut from other
photographs or the same one, go their own ways. Written are NNNN.mp4 (480×270, 25 a second, H.264 at a quality of chance) and NNNN.txt (13-column
oriented MOT; confidence 0 where less than a quarter is seen).
Needs OpenCV, NumPy and ffmpeg.
"""
import argparse
import math
import pathlib
import random
import subprocess

import cv2
import numpy as np

from bodies import Body, Leaves, Wave, log_uniform, tinted

WIDTH, HEIGHT, FRAMES, RATE = 480, 270, 40, 25
# Objects with less of them to be seen are neither found nor missed.
LEAST_SEEN, LEAST_PIXELS = 0.25, 40
# A rectangle along the shape is the truth where it is smaller than the upright one by this factor.
SLANT = 0.8


class Mover:
    """Something on the ground: where it is in the world, how large and how turned, by the frame."""

    def __init__(self, rng, pictures, size, is_still, depth, speed):
        self.body = Body(rng, pictures, size, is_still or rng.random() < 0.3)
        self.depth = depth
        self.start = np.array([rng.uniform(0.1, 0.9) * WIDTH, rng.uniform(0.15, 0.85) * HEIGHT])
        way = rng.uniform(0, 2 * math.pi)
        self.velocity = np.zeros(2) if is_still else speed * np.array([math.cos(way), 0.6 * math.sin(way)])
        self.sway = [Wave(rng, 0 if is_still else size * 0.05) for _ in range(2)]
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


class Ripples:
    """Water: everything below a line swims by a few pixels, by two waves across it."""

    def __init__(self, rng):
        self.top = rng.uniform(0, 0.7) * HEIGHT
        self.waves = [(rng.uniform(0.3, 2), 2 * math.pi / log_uniform(rng, 8, 60), rng.uniform(-0.4, 0.4)) for _ in range(2)]
        self.columns, self.rows = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
        self.share = np.clip((self.rows - self.top) / 20, 0, 1)

    def __call__(self, picture, t):
        (a, k, w), (b, l, v) = self.waves
        x = self.columns + self.share * a * np.sin(k * self.rows + l * 0.3 * self.columns + w * t)
        y = self.rows + self.share * b * np.sin(l * self.columns + k * 0.5 * self.rows + v * t)
        return cv2.remap(picture, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


class Film:
    def __init__(self, rng, pictures):
        self.rng = rng
        ground = rng.choice(pictures)
        self.ground = tinted(rng, ground) if rng.random() < 0.5 else ground.astype(np.float32)
        height, width = self.ground.shape[:2]
        self.ground_scale = max(1.3 * WIDTH / width, 1.3 * HEIGHT / height) * log_uniform(rng, 1, 1.8)
        # A body's cloths are of one photograph or of several, at times the ground's own.
        others = lambda: [ground] if rng.random() < 0.2 else rng.sample(pictures, rng.choice([1, 3]))
        sizes = lambda: log_uniform(rng, 16, 230)
        speed = lambda: log_uniform(rng, 0.5, 9)
        self.objects = [Mover(rng, others(), sizes(), False, 1, speed()) for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 5]))]
        if rng.random() < 0.6:
            self.objects[0].start = np.array([WIDTH / 2 + rng.gauss(0, 50), HEIGHT / 2 + rng.gauss(0, 30)])
        near = [Mover(rng, others(), log_uniform(rng, 30, 250), True, log_uniform(rng, 1.03, 1.6), 0) for _ in range(rng.choice([0, 0, 1, 3, 6]))]
        self.layers = [(m, i + 1) for i, m in enumerate(self.objects)] + [(m, 0) for m in near]
        self.layers += [(Leaves(rng, pictures, WIDTH, HEIGHT), 0) for _ in range(rng.choice([0, 0, 1, 2, 3]))]
        rng.shuffle(self.layers)
        # What is further away than the ground's middle is behind all that stands on it.
        self.layers.sort(key=lambda layer: min(1, layer[0].depth))
        self.ripples = Ripples(rng) if rng.random() < 0.2 else None
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
        picture = cv2.warpAffine(self.ground, composed(matrix, start), (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        return self.ripples(picture, t) if self.ripples else picture

    def layer(self, piece, t):
        if isinstance(piece, Leaves):
            (picture, mask), linear = (piece.picture, piece.mask), np.eye(2)
            shift = piece.start(WIDTH, HEIGHT) + [w(t) for w in piece.wind]
        else:
            picture, mask = piece.body.picture(t)
            angle, scale = math.radians(piece.body.turn + piece.spin * (t - FRAMES / 2)), math.exp(piece.growth * (t - FRAMES / 2))
            c, s = scale * math.cos(angle), scale * math.sin(angle)
            linear = np.array([[c, -s], [s, c]])
            shift = piece.place(t) - linear @ np.array([piece.body.side / 2, piece.body.side / 2])
        matrix = composed(self.camera.matrix(t, piece.depth), np.hstack([linear, shift[:, None]]))
        return (cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR),
                cv2.warpAffine(mask, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR).astype(np.float32) / 255)

    def frame(self, t):
        picture = self.ground_picture(t)
        seen, whole = np.zeros((HEIGHT, WIDTH), np.uint8), {}
        for piece, number in self.layers:
            texture, alpha = self.layer(piece, t)
            if isinstance(piece, Mover) and piece.shadow:
                offset = int(piece.body.side * 0.08)
                shade = cv2.GaussianBlur(np.roll(alpha, (offset, offset), (0, 1)), (0, 0), 3) * (1 - piece.shadow)
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
