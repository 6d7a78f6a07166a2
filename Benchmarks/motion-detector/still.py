#!/usr/bin/env python3
"""Tracks where nothing moves: the confirmed ones a frame, on stretches without moving things.

    Benchmarks/motion-detector/still.py SHARED_DATA SEXTANT FOLDER [--seed 5]

The stretches, which are made in FOLDER unless they are there (`Benchmarks/synthetic/measure` leaves the scenes that they come from): the five presets of
`sextant synthesize` without their objects (ground, trees, camera's way and sensor stay); a pan and zoom over one photograph of a street (`mot`), made by ffmpeg; and the forward drive of `kitti-odometry`.
"""
import argparse
import json
import pathlib
import subprocess

import score

PRESETS = ["aerial", "fixed", "traffic", "crossing", "stress"]
PAN = ("zoompan=z='1.35+0.15*sin(on/70)':x='(iw-iw/zoom)*(0.5+0.4*sin(on/90))':y='(ih-ih/zoom)*(0.5+0.4*cos(on/110))'"
       ":d=1:s=1280x720:fps=30,format=yuv420p")


def run(*command):
    subprocess.run(list(map(str, command)), check=True)


def empty_scene(program, folder, preset, seed):
    """The video of a preset without its objects."""
    video, truth = folder / f"{preset}-{seed}-empty.mp4", folder / f"{preset}-{seed}"
    if not video.exists():
        if not (truth / "scene.json").exists():
            # The whole of it: a shorter scene has a shorter way of the camera.
            run(program, "synthesize", preset, "--seed", seed, "--size", "640x360", "--duration", "8", "-o", folder / f"{preset}-{seed}.mp4",
                "--truth", truth, "--overwrite", "-q")
        scene = json.loads((truth / "scene.json").read_text())
        scene["objects"] = []
        scene_file = folder / f"{preset}-{seed}-empty.json"
        scene_file.write_text(json.dumps(scene))
        run(program, "synthesize", scene_file, "--size", "640x360", "-o", video, "-q")
    return video


def pan(data, folder):
    video = folder / "pan.mp4"
    if not video.exists():
        run("ffmpeg", "-v", "error", "-loop", "1", "-i", data / "mot/MOT17-04-FRCNN/img1/000001.jpg", "-vf", PAN, "-frames:v", "300",
            "-c:v", "libx264", "-preset", "veryfast", "-b:v", "5M", video)
    return video


def confirmed(program, video):
    """Frames, confirmed tracks a frame, and how many different ones."""
    frames, _ = score.tracked(program, video)
    ids = [t["id"] for r in frames for t in r["tracks"] if t["state"] == "confirmed"]
    return len(frames), len(ids) / len(frames), len(set(ids))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seed", default="5")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    stretches = {f"{preset}, no objects": empty_scene(arguments.program, arguments.folder, preset, arguments.seed) for preset in PRESETS}
    stretches["pan over a photograph"] = pan(arguments.data, arguments.folder)
    stretches["kitti-odometry"] = arguments.data / "kitti-odometry" / "left.mp4"
    print("| stretch | frames | confirmed tracks a frame | different ones |\n|---|---|---|---|")
    rates = []
    for name, video in stretches.items():
        frames, rate, ids = confirmed(arguments.program, video)
        rates.append(rate)
        print(f"| {name} | {frames} | {rate:.2f} | {ids} |", flush=True)
    print(f"| **mean** | | {sum(rates) / len(rates):.2f} | |")


if __name__ == "__main__":
    main()
