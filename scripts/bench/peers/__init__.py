"""The same overlay done by others, and by us: one module each, all with the interface of `bench.peers.interface`."""
