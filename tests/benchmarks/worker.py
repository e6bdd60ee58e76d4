"""Time one plain Python peer in a process of its user_polygons: ``worker.py PEER COMMAND IN OUT``.

IN and OUT hold longitudes, then latitudes, as float64. Prints seconds and version as JSON.
"""

import json
import sys
import time
import warnings
from importlib import import_module, metadata

import numpy as np

# Peer -> module; command -> function; and whether it takes (lon, lat), (lat, lon) or a pair.
PEERS = {
    "coord-convert": (
        "coord_convert.transform",
        {"forward": "wgs2gcj", "inverse": "gcj2wgs", "bd09": "bd2gcj"},
        "lon lat",
    ),
    "prcoords": (
        "prcoords",
        {"forward": "wgs_gcj", "inverse": "gcj_wgs_bored", "bd09": "bd_gcj_bored"},
        "pair",
    ),
    "eviltransform": (
        "eviltransform",
        {"forward": "wgs2gcj", "inverse": "gcj2wgs_exact", "bd09": "bd2gcj"},
        "lat lon",
    ),
}


def main(peer: str, command: str, source: str, target: str) -> None:
    warnings.simplefilter("ignore")
    module, functions, order = PEERS[peer]
    function = getattr(import_module(module), functions[command])
    lon, lat = np.fromfile(source).reshape(2, -1).tolist()
    first, second = (lon, lat) if order == "lon lat" else (lat, lon)
    start = time.perf_counter()
    if order == "pair":
        result = [function(pair) for pair in zip(first, second, strict=True)]
    else:
        result = [function(a, b) for a, b in zip(first, second, strict=True)]
    seconds = time.perf_counter() - start
    columns = np.array(result).T
    (columns if order == "lon lat" else columns[::-1]).tofile(target)
    print(json.dumps({"seconds": seconds, "version": metadata.version(peer)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
