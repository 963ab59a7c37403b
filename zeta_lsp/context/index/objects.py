"""What a name hangs on: the object of a member, the function that takes a label, a module's path.

The tables hold for all grammars.
"""

import re

from tree_sitter import Node

from zeta_lsp.context.index.binding import around, field_of

_MEMBER_FIELDS = (
    ("object", "attribute"),
    ("object", "property"),
    ("operand", "field"),
    ("package", "name"),
    ("value", "field"),
    ("path", "name"),
    ("argument", "field"),
    ("scope", "name"),
    ("object", "field"),
    ("object", "name"),
    ("expression", "name"),
    ("receiver", "method"),
    ("table", "field"),
    ("table", "method"),
)
"""Fields of the node that joins an object and its member."""
_NAVIGATION = frozenset(("navigation_expression", "user_type", "stable_type_identifier"))
"""Nodes that join them without fields: the object comes first."""
_LABELS = frozenset(
    (
        ("keyword_argument", "name"),
        ("pair", "key"),
        ("field_initializer", "field"),
        ("keyed_element", "key"),
    )
)
"""Places of names that say which parameter or key is meant; they are no variables."""
_TAKERS = {
    "call": "function",
    "call_expression": "function",
    "composite_literal": "type",
    "struct_expression": "name",
}
"""Nodes whose parts have labels, and the field with the function or type that gives them."""
_LITERAL = re.compile(r"string|number|integer|float|^list$|^dictionary$|^array$|template|char")


def is_label(node: Node) -> bool:
    """Whether a name says which parameter, field or key is meant."""
    parent = node.parent
    if parent is not None and parent.type == "literal_element":
        node, parent = parent, parent.parent
    return parent is not None and (parent.type, field_of(node, parent)) in _LABELS


def taker_of(label: Node) -> Node | None:
    """The last name of what takes a label: a function or a type."""
    for _, parent in around(label):
        field = _TAKERS.get(parent.type)
        owner = parent.child_by_field_name(field) if field is not None else None
        if owner is not None:
            return _last_name(owner)
    return None


def _last_name(node: Node) -> Node:
    """``c`` of ``a.b.c``, of ``[]a.c`` and of ``a::c``."""
    last: Node | None = node
    while last is not None:
        node = last
        parts = map(node.child_by_field_name, ("attribute", "element", "name"))
        last = next((part for part in parts if part is not None), None)
    return node


def is_in_use(node: Node) -> bool:
    """Whether a name is the last of a path that Rust's ``use`` brings in: the import knows it."""
    parent = node.parent
    if parent is None or parent.child_by_field_name("name") != node:
        return False
    for _, outer in around(parent):
        if not outer.type.startswith(("use_", "scoped_use_")):
            return False
        if outer.type == "use_declaration":
            return True
    return False


def module_of(node: Node) -> Node | None:
    """What begins the module that an import of Python names, if the node is part of it."""
    parent = node.parent
    outer = parent.parent if parent is not None and parent.type == "dotted_name" else None
    if outer is None:
        return None
    if outer.type == "relative_import":
        return outer
    if outer.type == "import_from_statement":
        return parent if outer.child_by_field_name("module_name") == parent else None
    is_alias = outer.type == "aliased_import"
    statement = outer.parent if is_alias else outer
    is_module = statement is not None and statement.type == "import_statement"
    return parent if is_module else None


def object_of(node: Node) -> Node | None:
    """The object that a node is a member of."""
    inner, parent = node, node.parent
    if (taken_apart := unpacked(node)) is not None:
        return taken_apart
    if parent is not None and parent.type == "navigation_suffix":
        inner, parent = parent, parent.parent
    if parent is None:
        return None
    if parent.type in _NAVIGATION:
        first = parent.child(0)
        return first if first is not None and first != inner else None
    field = field_of(inner, parent)
    for owner, member in _MEMBER_FIELDS:
        if field == member:
            found = parent.child_by_field_name(owner)
            if found is not None and found.start_byte < inner.start_byte:
                return found
    return None


def unpacked(node: Node) -> Node | None:
    """The object ``o`` whose member a name is in ``const {name} = o``."""
    parent = node.parent
    if parent is not None and parent.type == "object_assignment_pattern":  # with a default
        parent = parent.parent
    if node.type != "shorthand_property_identifier_pattern" or parent is None:
        return None
    around = parent.parent
    if around is None or around.type != "variable_declarator":
        return None
    return around.child_by_field_name("value")


def is_literal(node: Node) -> bool:
    """Whether an object is written out, so that its type is the language's own."""
    return _LITERAL.search(node.type) is not None
