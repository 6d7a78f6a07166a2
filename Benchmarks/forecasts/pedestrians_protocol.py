"""The scenes of the pedestrian benchmark, and where the literature cuts its files."""

SCENES = {
    "eth": ["biwi_eth"],
    "hotel": ["biwi_hotel"],
    "univ": ["students001", "students003"],
    "zara1": ["crowds_zara01"],
}
# The first frame of each file's validation part.
BOUNDARY = {
    "biwi_eth": 10240, "biwi_hotel": 14400, "crowds_zara01": 7110, "crowds_zara03": 6030, "students001": 3550,
    "students003": 4320, "uni_examples": 5940,
}
