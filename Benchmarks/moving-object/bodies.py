"""Bodies for the collages: people, animals, vehicles, riders and plain blobs, of parts that move together and look different, each cut from a
photograph. Sizes are in pixels of the film, angles in degrees from x towards y."""
import math

import cv2
import numpy as np


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


class Step:
    """One sine: the swing of legs and arms that walk."""

    def __init__(self, size, period, phase):
        self.size, self.rate, self.phase = size, 2 * math.pi / period, phase

    def __call__(self, t):
        return self.size * math.sin(self.rate * t + self.phase)


def tinted(rng, picture):
    """The picture with other greys, sometimes plain."""
    gain, shift = log_uniform(rng, 0.4, 1.6), rng.uniform(-50, 50)
    flat = cv2.GaussianBlur(picture, (0, 0), log_uniform(rng, 0.5, 12)) if rng.random() < 0.4 else picture
    return np.clip((flat.astype(np.float32) - 128) * gain + 128 + shift, 0, 255)


def patch(rng, picture, side):
    """A square of a picture, enlarged or made smaller at random."""
    height, width = picture.shape[:2]
    cut = min(max(16, int(min(height, width, side * log_uniform(rng, 0.5, 2.5)))), height, width)
    x, y = rng.randrange(width - cut + 1), rng.randrange(height - cut + 1)
    return cv2.resize(picture[y:y + cut, x:x + cut], (side, side), interpolation=cv2.INTER_AREA if cut > side else cv2.INTER_LINEAR)


class Part:
    """An oval, a box or a limb. `a` and `b` are half the sides of the first two, a limb's length and thickness; a limb begins at x, y."""

    def __init__(self, kind, x, y, a, b, angle=0, wave=None, cloth=0):
        self.kind, self.x, self.y, self.a, self.b, self.angle, self.wave, self.cloth = kind, x, y, a, b, angle, wave, cloth

    def draw(self, mask, t):
        angle = self.angle + (self.wave(t) if self.wave else 0)
        middle = mask.shape[0] / 2
        x, y = middle + self.x, middle + self.y
        if self.kind == "oval":
            cv2.ellipse(mask, ((x, y), (2 * self.a, 2 * self.b), angle), 255, -1)
        elif self.kind == "box":
            cv2.fillConvexPoly(mask, cv2.boxPoints(((x, y), (2 * self.a, 2 * self.b), angle)).astype(np.int32), 255)
        else:
            c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            cv2.line(mask, (int(x), int(y)), (int(x + c * self.a), int(y + s * self.a)), 255, max(1, int(self.b)))


def person(rng, size, x=0, y=0, cloth=0, is_stiff=False):
    """Of the height `size`: head, body, two arms, two legs."""
    h, width = size, size * rng.uniform(0.16, 0.26)
    period, swing, phase = rng.uniform(14, 40), 0 if is_stiff else rng.uniform(5, 40), rng.uniform(0, 6)
    limb = size * rng.uniform(0.05, 0.1)
    legs = [Part("limb", x, y + 0.02 * h, 0.47 * h, limb * 1.3, 90 + rng.gauss(0, 5), Step(s * swing, period, phase), cloth + 1) for s in (1, -1)]
    arms = [Part("limb", x, y - 0.28 * h, 0.38 * h, limb, 90 + rng.gauss(0, 30), Step(s * swing, period, phase), cloth + a) for s, a in ((1, 2), (-1, 0))]
    body = Part(rng.choice(["oval", "box"]), x, y - 0.14 * h, width / 2, 0.2 * h, rng.gauss(0, 6), None, cloth)
    head = Part("oval", x, y - 0.42 * h, 0.055 * h, 0.075 * h, 0, None, cloth + 2)
    return [arms[1], *legs, body, head, arms[0]]


def animal(rng, size):
    """Of the length `size`: a body, four legs, a neck with a head, a tail."""
    side = rng.choice([-1, 1])
    a, b = 0.33 * size, size * rng.uniform(0.1, 0.19)
    period, swing, phase = rng.uniform(10, 36), rng.uniform(5, 40), rng.uniform(0, 6)
    length = size * rng.uniform(0.15, 0.4)
    one = rng.choice([0, 0, 1])
    legs = [
        Part("limb", place * a, b * 0.5, length, size * rng.uniform(0.04, 0.08), 90, Step(swing, period, phase + turn), one)
        for place, turn in ((-0.8, 0), (-0.65, 3.1), (0.65, 3.1), (0.8, 0))
    ]
    neck_turn = rng.uniform(-80, 0)
    angle = neck_turn if side > 0 else 180 - neck_turn
    reach = size * rng.uniform(0.12, 0.4)
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    neck = Part("limb", side * 0.85 * a, -0.3 * b, reach, size * rng.uniform(0.06, 0.14), angle, None, one)
    head = Part("oval", side * 0.85 * a + c * reach, -0.3 * b + s * reach, 0.11 * size, 0.065 * size, rng.gauss(0, 20), None, rng.choice([0, 2]))
    tail = Part("limb", -side * a, -0.3 * b, size * rng.uniform(0.05, 0.3), max(1, 0.03 * size), rng.uniform(0, 360), Wave(rng, 25, 40, 10), 0)
    return [tail, *legs[:2], Part("oval", 0, 0, a, b, rng.gauss(0, 8), None, 0), *legs[2:], neck, head]


def vehicle(rng, size):
    """Of the length `size`, from the side: a body, a cabin with windows, wheels."""
    b = size * rng.uniform(0.1, 0.2)
    cabin = size * rng.uniform(0.18, 0.45)
    x = size * rng.uniform(-0.1, 0.1)
    parts = [Part(rng.choice(["oval", "box"]), x, -1.5 * b, cabin, b, 0, None, 0)]
    parts += [Part("box", x + s * cabin * 0.42, -1.5 * b, cabin * 0.33, 0.6 * b, 0, None, 1) for s in (-1, 1)]
    parts += [Part("box", 0, 0, size / 2, b, 0, None, rng.choice([0, 0, 2]))]
    parts += [Part("oval", s * size * 0.32, b, 0.7 * b, 0.7 * b, 0, None, 3) for s in (-1, 1)]
    return parts


def from_above(rng, size):
    """Of the length `size`, from above: a body with windows, sometimes a trailer."""
    b = size * rng.uniform(0.16, 0.26)
    parts = [Part("box", 0, 0, size / 2, b, 0, None, 0)]
    parts += [Part("box", x * size, 0, size * rng.uniform(0.04, 0.09), b * 0.8, 0, None, 1) for x in (rng.uniform(-0.35, -0.2), rng.uniform(0.15, 0.3))]
    return parts


def rider(rng, size):
    """A person on something with two wheels, the height `size`."""
    frame = [Part("oval", s * size * 0.3, 0.36 * size, 0.13 * size, 0.13 * size, 0, None, 3) for s in (-1, 1)]
    frame += [Part("box", 0, 0.26 * size, 0.3 * size, size * rng.uniform(0.03, 0.12), rng.gauss(0, 10), None, 4)]
    return frame + person(rng, size * 0.75, rng.gauss(0, 0.05) * size, -0.08 * size, 0, rng.random() < 0.5)


def blob(rng, size, is_stiff):
    """Ovals and boxes with limbs that swing."""
    half, ratio, parts = size / 2, log_uniform(rng, 0.35, 1), []
    for _ in range(rng.choice([1, 2, 3])):
        parts.append(
            Part(rng.choice(["oval", "oval", "box"]), rng.gauss(0, 0.15) * size, rng.gauss(0, 0.15) * size * ratio, half * rng.uniform(0.5, 0.9),
                 half * ratio * rng.uniform(0.5, 0.9), rng.gauss(0, 25), None, rng.randrange(3)))
    for _ in range(0 if is_stiff else rng.choice([0, 2, 3, 4])):
        parts.append(
            Part("limb", rng.uniform(-0.4, 0.4) * size, rng.uniform(-0.3, 0.3) * size * ratio, half * rng.uniform(0.4, 0.9),
                 max(1, size * rng.uniform(0.04, 0.14)), rng.uniform(0, 360), Wave(rng, 35, slowest=40, fastest=10), rng.randrange(3)))
    return parts


class Body:
    """Parts, each with its cloth, on a canvas of `side` pixels around its middle."""

    CLOTHS = 5

    def __init__(self, rng, pictures, size, is_stiff):
        self.side = max(24, int(size * 2.2))
        kind = rng.choice(["person", "person", "animal", "vehicle", "from above", "rider", "blob", "blob"])
        if kind == "person":
            self.parts = person(rng, size, is_stiff=is_stiff)
        elif kind == "blob":
            self.parts = blob(rng, size, is_stiff)
        else:
            self.parts = {"animal": animal, "vehicle": vehicle, "from above": from_above, "rider": rider}[kind](rng, size)
        self.turn = rng.uniform(0, 360) if kind == "from above" or kind == "blob" and rng.random() < 0.3 else rng.gauss(0, 10)
        # A third has one cloth in all.
        cloths = [self.cloth(rng, pictures) for _ in range(self.CLOTHS if rng.random() < 0.67 else 1)]
        self.cloths = [cloths[number % len(cloths)] for number in range(self.CLOTHS)]
        self.is_still = not any(part.wave for part in self.parts)
        self.drawn = None

    def cloth(self, rng, pictures):
        return tinted(rng, patch(rng, rng.choice(pictures), self.side))

    def picture(self, t):
        """What it looks like, and a mask of 255 where it is."""
        if self.is_still and self.drawn:
            return self.drawn
        whole = np.zeros((self.side, self.side), np.uint8)
        colors = self.cloths[0].copy()
        for part in self.parts:
            mask = np.zeros_like(whole)
            part.draw(mask, t)
            np.copyto(colors, self.cloths[part.cloth % self.CLOTHS], where=mask[..., None] > 0)
            whole |= mask
        self.drawn = colors, whole
        return self.drawn


class Leaves:
    """Hundreds of small pieces at one depth, most of them in clumps: foliage, grass, gravel, a fence."""

    MARGIN = 1.6

    def __init__(self, rng, pictures, width, height):
        self.size = int(width * self.MARGIN), int(height * self.MARGIN)
        self.depth = log_uniform(rng, 0.75, 1.7)
        self.wind = [Wave(rng, rng.choice([0, 0, 0.5, 1.5]), 50, 12) for _ in range(2)]
        dice = np.random.default_rng(rng.randrange(1 << 32))
        self.mask = np.zeros(self.size[::-1], np.uint8)
        shade = np.zeros(self.size[::-1], np.float32)
        stroke = rng.choice(["oval", "oval", "blade", "stone"])
        span = log_uniform(rng, 2, 16)
        for _ in range(rng.choice([2, 4, 8])):
            middle = dice.uniform(0, 1, 2) * self.size
            reach = log_uniform(rng, 15, 120)
            for _ in range(int(min(1200, 8 + (reach / span) ** 2 * log_uniform(rng, 0.5, 5)))):
                place = middle + dice.normal(0, 1, 2) * (reach, reach * 0.7)
                length, tone = span * dice.uniform(0.5, 1.5), float(dice.uniform(-70, 70))
                angle = dice.normal(90, 15) if stroke == "blade" else dice.uniform(0, 360)
                ratio = {"oval": 0.45, "blade": 0.12, "stone": 0.8}[stroke]
                oval = (tuple(map(float, place)), (float(length), float(max(1, length * ratio))), float(angle))
                cv2.ellipse(self.mask, oval, 255, -1)
                cv2.ellipse(shade, oval, tone, -1)
        picture = cv2.resize(tinted(rng, patch(rng, rng.choice(pictures), 256)), self.size)
        self.picture = np.clip(cv2.GaussianBlur(picture, (0, 0), 2) + shade[..., None], 0, 255).astype(np.float32)

    def start(self, width, height):
        """Where the canvas lies in the world."""
        return np.array([(width - self.size[0]) / 2, (height - self.size[1]) / 2])
