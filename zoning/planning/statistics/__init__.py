"""How much of a territory lies in which zones: per township, per pair of classes, per combination of all of them."""
