"""Which names a text binds, and what they belong to: callables, types, or the file.

The tables hold for all grammars. Only so many nodes around a name are looked at: code that people
write is never nested as deep as `MAX_AROUND`.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

MAX_AROUND = 200
MAX_CHILDREN = 500
"""In a longer list of children nobody looks for the field of one."""
CALLABLE = re.compile(
    r"(?:function|method|constructor|operator)_(?:definition|declaration|item|expression)$"
    r"|^(?:singleton_)?method$|^lambda|_lambda$|_closure|^closure|^arrow_function|^function$"
    r"|^func_literal$|^anonymous_|^local_function|secondary_constructor|^generator_f|^do_block$"
    r"|comprehension$|^generator_expression$"
)
TYPE = re.compile(
    r"^(?:class|struct|interface|trait|enum|object|record|union)_"
    r"(?:definition|declaration|specifier|item|statement)$|^abstract_class_|^impl_item$|^class$"
)
_PARAMETERS = re.compile(
    r"parameters?$|_parameter$|^parameter|parameter_declaration$|lambda_params|block_parameters"
)
_BINDERS = frozenset(
    (
        ("assignment", "left"),
        ("assignment_statement", "variable_list"),
        ("for_statement", "left"),
        ("for_in_statement", "left"),
        ("for_in_clause", "left"),
        ("for_range_loop", "declarator"),
        ("for_expression", "pattern"),
        ("enhanced_for_statement", "name"),
        ("foreach_statement", "left"),
        ("range_clause", "left"),
        ("short_var_declaration", "left"),
        ("var_spec", "name"),
        ("const_spec", "name"),
        ("let_declaration", "pattern"),
        ("let_condition", "pattern"),
        ("match_arm", "pattern"),
        ("variable_declarator", "name"),
        ("init_declarator", "declarator"),
        ("declaration", "declarator"),
        ("variable_declaration", "name"),
        ("local_variable_declaration", "name"),
        ("val_definition", "pattern"),
        ("var_definition", "pattern"),
        ("named_expression", "name"),
        ("as_pattern", "alias"),
        ("catch_clause", "parameter"),
        ("catch_formal_parameter", "name"),
        ("resource", "name"),
        ("type_parameter", "name"),
    )
)
"""(node, field) in which names are bound."""
_BINDING_NODES = frozenset(("as_pattern_target", "variable_list", "capture_pattern"))
_NAME_FIELDS = ("name", "pattern", "declarator")
_PATTERNS = re.compile(
    r"pattern|_list$|declarator$|^tuple_expression$|^list$|^tuple$|rest_|splat|^variable_declaration$"
    r"|^identifier$|^simple_identifier$"
)
_NOT_BOUND = frozenset(("type", "value", "right", "default_value", "size", "body", "superclass"))


def around(node: Node) -> Iterator[tuple[Node, Node]]:
    """The nodes around a node, innermost first, each after the part that holds the node."""
    inner = node
    for _ in range(MAX_AROUND):
        parent = inner.parent
        if parent is None:
            return
        yield inner, parent
        inner = parent


def owner_of(node: Node) -> Node | None:
    """The callable whose variable a name would be, the whole text for those outside of all.

    None: it is a member of a type. The name and the parameters of a callable are told apart: its
    name belongs to the scope around it.
    """
    for inner, scope in around(node):
        if scope.parent is None:
            return scope
        if TYPE.search(scope.type):
            return None
        if CALLABLE.search(scope.type) and scope.child_by_field_name("name") != inner:
            return scope
    return None


def is_bound(node: Node) -> bool:
    """Whether a name is a parameter, is assigned to or declared where it stands."""
    for inner, parent in around(node):
        field = field_of(inner, parent)
        if field in _NOT_BOUND:
            return False
        if (parent.type, field) in _BINDERS or parent.type in _BINDING_NODES:
            return True
        if parent.type == "assignment_expression":
            return inner.type == "variable_name" and field == "left"  # PHP declares nothing
        if parent.type == "property_declaration":
            return inner.type.endswith("variable_declaration")
        if _PARAMETERS.search(parent.type):
            return _is_parameter(inner, parent, field)
        if CALLABLE.search(parent.type):
            return field in ("parameter", "parameters")
        if not _PATTERNS.search(parent.type):
            return False
    return False


def type_name(node: Node) -> Node | None:
    """The name of the type that a node is the definition of."""
    if not TYPE.search(node.type):
        return None
    if node.type != "impl_item":
        return node.child_by_field_name("name")
    named = node.child_by_field_name("type")
    while named is not None and named.type == "generic_type":
        named = named.child_by_field_name("type")
    return named


def field_of(node: Node, parent: Node) -> str | None:
    """The name of the field of a node that another is."""
    for index in range(min(parent.child_count, MAX_CHILDREN)):
        if parent.child(index) == node:
            return parent.field_name_for_child(index)
    return None


def _is_parameter(inner: Node, parent: Node, field: str | None) -> bool:
    """Whether part of a parameter or of a list of them is a name, not a type or a default."""
    if any(parent.child_by_field_name(name) is not None for name in _NAME_FIELDS):
        return field in _NAME_FIELDS
    return not parent.type.endswith("parameter") or parent.named_child(0) == inner
