"""The desk on one page: map, figures, deadlines and a card of every parcel, without a network."""
