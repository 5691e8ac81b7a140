"""What one scan looks like in the payloads of each sender; one file a sender."""

from ingest.sources.tracking.scans import Shape
from ingest.sources.tracking.shapes import (
    aftership,
    bluedart,
    clickpost,
    delhivery,
    easypost,
    ecom_express,
    shiprocket,
)

# The names at the top of some are common words, so those with particular ones are asked first.
SHAPES: tuple[Shape, ...] = (
    clickpost.SHAPE,
    shiprocket.SHAPE,
    delhivery.SHAPE,
    bluedart.SHAPE,
    ecom_express.SHAPE,
    aftership.SHAPE,
    easypost.SHAPE,
)
