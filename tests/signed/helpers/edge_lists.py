"""Edge lists as files, and what was read of them."""


def written(tmp_path, text, name="edges.csv"):
    """A file of that text."""
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def edges(network):
    """Names of both ends and sign of every edge."""
    names = network.names
    triples = zip(network.source, network.target, network.sign, strict=True)
    return {(names[u], names[v], int(s)) for u, v, s in triples}
