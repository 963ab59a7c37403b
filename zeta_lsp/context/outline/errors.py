"""How much of a text does not parse: what a candidate edit must not make worse."""

from zeta_lsp.context.outline.query import parse


def error_count(language: str, text: str) -> int | None:
    """Errors and missing tokens in the tree of a text; None if it has no tree.

    As Zed counts them: the ``ERROR`` nodes and the missing ones, each by itself, wherever they are.
    """
    source = parse(language, text)
    if source is None:
        return None
    found, nodes = 0, [source.tree.root_node]
    while nodes:
        node = nodes.pop()
        if node.has_error:
            found += node.is_error or node.is_missing
            nodes += node.children
    return found
