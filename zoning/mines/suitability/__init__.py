"""How well a parcel suits each way of restoring it: scores of declared criteria, with their trace.

`content` reads mines/suitability.yaml, `membership` turns values into 0..1, `inputs` and `distance` bring the values of
a parcel, `scoring` adds them up, `sensitivity` moves the weights, `score_maps` does the same pixel by pixel.
"""
