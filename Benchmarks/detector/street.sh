#!/bin/sh
# Pictures of streets that may train weights that are passed on, without labels, as `sextant train detector --teacher` takes them.
#
# usage: street.sh SHARED_DATA FOLDER
#
# Of each film the last part is held out. `base.mp4` shows the beginning of the film of `overhead.mp4` in small.
set -eu
data=$1 out=$2
mkdir -p "$out/images/train" "$out/images/val"

# frames FILM PART FILTER: frames that a filter of FFmpeg chooses
frames() {
  name=$(basename "$1" .mp4)
  ffmpeg -v error -i "$1" -vf "$3" -fps_mode passthrough -frame_pts 1 -q:v 2 "$out/images/$2/$name-%06d.jpg"
}

frames "$data/clips/surveillance.mp4" train "select=lt(n\\,80)"
frames "$data/clips/surveillance.mp4" val "select=gte(n\\,80)*not(mod(n\\,4))"
frames "$data/clips/box.mp4" train "select=lt(n\\,120)*not(mod(n\\,5))"
frames "$data/clips/box.mp4" val "select=gte(n\\,120)*not(mod(n\\,10))"
frames "$data/clips/overhead.mp4" train "select=lt(n\\,200)*not(mod(n\\,4))"
frames "$data/clips/overhead.mp4" val "select=gte(n\\,200)*not(mod(n\\,8))"
frames "$data/clips/base.mp4" train "select=not(mod(n\\,6))"
for picture in "$data"/aerial-cars/images/*.webp; do
  ffmpeg -v error -i "$picture" -q:v 2 "$out/images/train/$(basename "$picture" .webp).jpg"
done
# Sky, for nothing is to be found in it.
for film in "$data"/flying-objects/V_*.mp4; do frames "$film" train "select=not(mod(n\\,150))"; done
