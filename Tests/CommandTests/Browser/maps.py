"""The map of paths in the page of `sextant view`: the brush against `sextant count`, and the mosaic beneath it."""

import base64
import io
from pathlib import Path
from urllib.parse import urlsplit

import numpy
import serving
from viewer import *


def map_counts_like_the_command(page, stream):
    page.keyboard.press("m")
    page.wait_for_selector("#map-panel:not([hidden])")
    page.click("#brush-line")
    page.evaluate("window.sextant.map.setBrush({ kind: 'line', points: [[320, -100], [320, 460]] })")
    rows = [line.split(",") for line in run("count", stream, "--stabilized", "--line", "320,-100,320,460", "--quiet").stdout.splitlines()]
    rightward, leftward = (next(row for row in rows if row[2] == "all" and row[3] == side) for side in ("left_to_right", "right_to_left"))
    text = page.inner_text("#counts")
    claim("a line on the map counts like sextant count", f"{rightward[5]} times left to right, {leftward[5]} right to left" in text, text, rows)
    page.click("#brush-clear")
    page.keyboard.press("m")


def the_map_lies_on_a_mosaic(context, folder):
    """A camera that moves: the mosaic is made when its button is pressed, lies where its frames lie, and the brush counts on it."""
    video, stream = scene(folder, "aerial", seconds=2)
    with served(stream, video) as (address, process):
        path = urlsplit(address).path
        claim("there is no mosaic before", serving.request(address, path + "mosaic")[0] == 404)
        page = opened(context, address)
        page.keyboard.press("m")
        page.click("#map-mosaic")
        page.wait_for_selector("#map-mosaic[aria-pressed=true]", timeout=60_000)
        claim("what was said of its making is gone", "mosaic" not in page.inner_text("#notes"), page.inner_text("#notes"))
        mosaic_is_in_place(page, video, folder)
        rows = [line.split(",") for line in run("count", stream, "--stabilized", "--line", "320,-2000,320,2000", "--quiet").stdout.splitlines()]
        rightward, leftward = (next(row for row in rows if row[2] == "all" and row[3] == side) for side in ("left_to_right", "right_to_left"))
        page.click("#brush-line")
        page.fill("#brush-corners", "320,-2000,320,2000")
        page.keyboard.press("Enter")
        text = page.inner_text("#counts")
        claim("a line on the mosaic counts like sextant count --stabilized", f"{rightward[5]} times left to right, {leftward[5]} right to left" in text, text, rows)
        on_mosaic = pixels(page, "#map")
        page.click("#map-mosaic")
        claim("the button takes it away and brings it back", numpy.abs(pixels(page, "#map").mean() - on_mosaic.mean()) > 0.1)
        page.click("#map-mosaic")
        claim("it is the same again", numpy.abs(pixels(page, "#map") - on_mosaic).max() == 0)
        page.close()
    run("view", stream, video, "--mosaic", "-o", Path(folder) / "mosaic.html")
    page = file_page(context, Path(folder) / "mosaic.html")
    page.keyboard.press("m")
    claim("a page that is written holds it", page.get_attribute("#map-mosaic", "aria-pressed") == "true")
    mosaic_is_in_place(page, video, folder)
    page.close()


def mosaic_is_in_place(page, video, folder):
    """The part of it where the first frame lies, against that frame by an independent decoder: it fits best where it is."""
    (Path(folder) / "aerial-frames").mkdir(exist_ok=True)
    first = decoded(video, Path(folder) / "aerial-frames")(0)
    data = page.evaluate(
        """([width, height]) => {
            const { picture, left, top, width: w, height: h } = sextant.map.mosaic;
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [width, height];
            canvas.getContext("2d").drawImage(picture, left, top, w, h);
            return canvas.toDataURL("image/png").split(",")[1];
        }""",
        list(SIZE),
    )
    there = numpy.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")).astype(float)
    inner = lambda shot, dx=0, dy=0: shot[40 + dy : SIZE[1] - 40 + dy, 40 + dx : SIZE[0] - 40 + dx]
    errors = {(dx, dy): numpy.abs(inner(there, dx, dy) - inner(first)).mean() for dx in (-2, 0, 2) for dy in (-2, 0, 2)}
    claim("the mosaic lies where its first frame lies", min(errors, key=errors.get) == (0, 0), errors)
