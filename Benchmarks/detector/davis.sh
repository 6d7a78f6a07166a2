#!/bin/sh
# usage: davis.sh DAVIS FOLDER
# Makes a folder for `sextant train detector --format davis` of the films of ../shared/data/davis, at half their size: six films to learn from, four
# to measure on. Needs ffmpeg and unzip.
set -eu
data=$1
out=$2
for film in "$data"/*.mp4; do
  name=$(basename "$film" .mp4)
  mkdir -p "$out/JPEGImages/480p/$name" "$out/Annotations/480p/$name" "$out/zip/$name"
  ffmpeg -nostdin -loglevel error -i "$film" -vf scale=427:240:flags=area -q:v 2 -start_number 0 "$out/JPEGImages/480p/$name/%05d.jpg"
  unzip -q -o "$data/$name.masks.zip" -d "$out/zip/$name"
  ffmpeg -nostdin -loglevel error -start_number 0 -i "$out/zip/$name/%05d.png" -vf scale=427:240:flags=neighbor -pix_fmt gray \
    -start_number 0 "$out/Annotations/480p/$name/%05d.png"
done
rm -r "$out/zip"
mkdir -p "$out/ImageSets/2016"
printf '%s\n' blackswan dance-twirl dog drift-straight parkour soapbox >"$out/ImageSets/2016/train.txt"
printf '%s\n' car-shadow goat paragliding-launch scooter-black >"$out/ImageSets/2016/val.txt"
