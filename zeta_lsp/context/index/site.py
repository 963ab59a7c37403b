"""What stands at a place of a file: a name on its own, a member of something, a local variable.

One table serves all languages, since grammars call the same things much the same: the fields by
which a member hangs on its object, the fields and lists in which a name is bound. A language that
calls them otherwise loses precision and nothing else.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec
from tree_sitter import Node, Parser, Point, Tree

from zeta_lsp.context.grammars import language_for
from zeta_lsp.context.parsed import source_of
from zeta_lsp.core.text import byte_length

MAX_OCCURRENCES = 200
MAX_CHAIN_CHARS = 200
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
_CALLABLE = re.compile(
    r"(?:function|method|constructor|operator)_(?:definition|declaration|item|expression)$"
    r"|^(?:singleton_)?method$|^lambda|_lambda$|_closure|^closure|^arrow_function|^function$"
    r"|^func_literal$|^anonymous_|^local_function|secondary_constructor|^generator_f|^do_block$"
    r"|comprehension$|^generator_expression$"
)
_TYPE = re.compile(
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
_LITERAL = re.compile(r"string|number|integer|float|^list$|^dictionary$|^array$|template|char")
_FUNCTION_SCOPED = frozenset(("python", "ruby", "php", "bash"))
"""Here a variable belongs to its function, not to a block."""
_CHAIN = re.compile(r"[\w$@]+(?:(?:\?\.|!\.|\.|::|->|\\|:)[\w$]+)*\Z")
_CHAIN_PARTS = re.compile(r"[\w$@]+")
_CALLED = re.compile(
    r"(?:await\s+)?(?:new\s+)?([\w$]+(?:(?:\.|::)[\w$]+)*)\s*(?:<[\w, ]*>)?\s*[({]"
)

Spot = tuple[int, int]


class Site(msgspec.Struct, frozen=True):
    """How a name is used.

    `is_name` is False where there is no such name: in a text, or in a file that has changed.

    `chain` names the object of a member (``a.b`` for ``a.b.name``); it is empty if the name stands
    alone or if the object is too complicated, and `is_literal` if it is written out. A label is the
    name of a parameter in a call of the name `label_of`. `module` is what an import names to here.
    `is_called` says that the chain was called.
    `local` is where a callable around the place binds the name, `in_module` where the file does
    outside of all callables and types: a row, a column in code points.
    """

    is_name: bool = True
    is_member: bool = False
    is_label: bool = False
    label_of: tuple[str, int, int] | None = None
    module: str = ""
    is_called: bool = False
    is_literal: bool = False
    chain: tuple[str, ...] = ()
    local: Spot | None = None
    in_module: Spot | None = None


class Page:
    """The tree of one text."""

    def __init__(self, language: str, lines: Sequence[str]) -> None:
        self._lines = lines
        self._has_blocks = language not in _FUNCTION_SCOPED
        self._source = source_of(lines)
        grammar = language_for(language, "")
        self._tree: Tree | None = None if grammar is None else Parser(grammar).parse(self._source)

    def site(self, name: str, row: int, col: int) -> Site:
        """What the name that begins at a place is; a name of its own if there is none."""
        node = self._node(row, col)
        node = None if node is None else self._named(node, name)
        if node is None:
            return Site(is_name=False)
        if _is_label(node):
            return Site(is_label=True, label_of=self._owner_of(node))
        module = _module_node(node)
        if module is not None:
            text = self._source[module.start_byte : node.end_byte].decode(errors="replace")
            return Site(module=text)
        owner = _object_of(node)
        if owner is not None and not _is_in_use(node):
            chain, is_called = _chain(self._text(owner))
            is_literal = _LITERAL.search(owner.type) is not None
            return Site(is_member=True, is_called=is_called, is_literal=is_literal, chain=chain)
        local, in_module = self._bound(node, name)
        return Site(local=local, in_module=in_module)

    def types_around(self, row: int) -> list[str]:
        """The names of the types whose bodies hold a row, innermost first."""
        node = self._node(row, len(self._lines[row]) - len(self._lines[row].lstrip()))
        found = []
        while node is not None:
            name = _type_name(node)
            if name is not None:
                found.append(self._text(name))
            node = node.parent
        return found

    def modules_around(self, row: int) -> int:
        """How many modules that are written in the file hold a row (Rust)."""
        node, count = self._node(row, 0), 0
        while node is not None:
            count += node.type == "mod_item"
            node = node.parent
        return count

    def scope_of(self, row: int, col: int) -> tuple[bool, range] | None:
        """What holds the definition whose name is at a place: whether a type, and its rows.

        None: nothing but the file does.
        """
        node = self._node(row, col)
        scope = node
        while scope is not None and node is not None:
            is_type = _TYPE.search(scope.type) is not None
            if is_type or scope.type == "mod_item" or _CALLABLE.search(scope.type):
                inner = scope.child_by_field_name("name") or scope.child_by_field_name("declarator")
                if inner is None or not inner.start_byte <= node.start_byte < inner.end_byte:
                    return is_type, range(scope.start_point.row, scope.end_point.row + 1)
            scope = scope.parent
        return None

    def _node(self, row: int, col: int) -> Node | None:
        if self._tree is None or not 0 <= row < len(self._lines):
            return None
        place = Point(row, byte_length(self._lines[row][:col]))
        return self._tree.root_node.descendant_for_point_range(place, place)

    def _named(self, node: Node, name: str) -> Node | None:
        """The node that is a name: the smallest one, or with its sigil the one around it."""
        for candidate in (node, node.parent):
            if candidate is not None and self._text(candidate) == name:
                return candidate
        return None

    def _owner_of(self, label: Node) -> tuple[str, int, int] | None:
        """The last name of what takes a label: a function or a type, its row and column."""
        around: Node | None = label
        while around is not None:
            field = _TAKERS.get(around.type)
            owner = around.child_by_field_name(field) if field is not None else None
            if owner is not None:
                last = _last_name(owner)
                return (self._text(last), *self._place(last))
            around = around.parent
        return None

    def _text(self, node: Node) -> str:
        return self._source[node.start_byte : node.end_byte][:MAX_CHAIN_CHARS].decode(
            errors="replace"
        )

    def _bound(self, node: Node, name: str) -> tuple[Spot | None, Spot | None]:
        """Where the callables around a node bind a name, and where the file does."""
        scope = node
        while scope.parent is not None:
            if _CALLABLE.search(scope.type):
                found = self._binding(scope, name, node)
                if found is not None:
                    return self._place(found), None
            scope = scope.parent
        found = self._binding(scope, name, node)
        return None, None if found is None else self._place(found)

    def _binding(self, scope: Node, name: str, node: Node) -> Node | None:
        """The binding that a node sees: with blocks, the last one before it."""
        found = list(self._bindings(scope, name))
        if self._has_blocks:
            above = [binding for binding in found if binding.start_byte <= node.start_byte]
            return above[-1] if above else next(iter(found), None)
        return next(iter(found), None)

    def _bindings(self, scope: Node, name: str) -> Iterator[Node]:
        """Where a scope binds a name; scopes inside it and bodies of types bind for themselves."""
        pattern = re.compile(rb"(?<![\w$])" + re.escape(name.encode()) + rb"(?![\w$])")
        matches = pattern.finditer(self._source, scope.start_byte, scope.end_byte)
        for _, match in zip(range(MAX_OCCURRENCES), matches, strict=False):
            node = scope.descendant_for_byte_range(match.start(), match.end())
            if node is None or (node.start_byte, node.end_byte) != match.span():
                continue
            if node.child_count == 0 and _owner_scope(node) == scope and _is_bound(node):
                yield node

    def _place(self, node: Node) -> Spot:
        row, byte_col = node.start_point
        head = self._lines[row].encode(errors="surrogatepass")[:byte_col]
        return row, len(head.decode(errors="replace"))


def _is_label(node: Node) -> bool:
    parent = node.parent
    if parent is not None and parent.type == "literal_element":
        node, parent = parent, parent.parent
    return parent is not None and (parent.type, _field_of(node, parent)) in _LABELS


def _last_name(node: Node) -> Node:
    """``c`` of ``a.b.c``, of ``[]a.c`` and of ``a::c``."""
    for field in ("attribute", "element", "name"):
        inner = node.child_by_field_name(field)
        if inner is not None:
            return _last_name(inner)
    return node


def _is_in_use(node: Node) -> bool:
    """Whether a name is the last of a path that Rust's ``use`` brings in: the import knows it."""
    parent = node.parent
    if parent is None or parent.child_by_field_name("name") != node:
        return False
    around: Node | None = parent.parent
    while around is not None and around.type.startswith(("use_", "scoped_use_")):
        if around.type == "use_declaration":
            return True
        around = around.parent
    return False


def _module_node(node: Node) -> Node | None:
    """What begins the module that an import of Python names, if the node is part of it."""
    parent = node.parent
    if parent is None or parent.type != "dotted_name":
        return None
    around = parent.parent
    if around is not None and around.type == "relative_import":
        return around
    is_module = around is not None and (
        around.type in ("import_statement", "aliased_import")
        or around.child_by_field_name("module_name") == parent
    )
    grand = around.parent if around is not None else None
    if grand is not None and grand.type == "import_from_statement":
        return None
    return parent if is_module else None


def _object_of(node: Node) -> Node | None:
    """The object that a node is a member of."""
    inner, parent = node, node.parent
    if parent is not None and parent.type == "navigation_suffix":
        inner, parent = parent, parent.parent
    if parent is None:
        return None
    if parent.type in _NAVIGATION:
        first = parent.child(0)
        return first if first is not None and first != inner else None
    field = _field_of(inner, parent)
    for owner, member in _MEMBER_FIELDS:
        if field == member:
            found = parent.child_by_field_name(owner)
            if found is not None and found.start_byte < inner.start_byte:
                return found
    return None


def _chain(text: str) -> tuple[tuple[str, ...], bool]:
    """The names of an object, and whether it is the result of calling them."""
    plain = text.strip().strip("()&*").strip() if text.startswith(("(", "&", "*")) else text
    if _CHAIN.match(plain):
        return tuple(_CHAIN_PARTS.findall(plain)), False
    called = _CALLED.match(plain)
    if called is not None and plain.endswith((")", "}")) and _is_one_call(plain):
        return tuple(_CHAIN_PARTS.findall(called[1])), True
    return (), False


def _is_one_call(text: str) -> bool:
    """Whether the first bracket is closed by the last character."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char in "({") - (char in ")}")
        if depth == 0 and char in ")}":
            return index == len(text) - 1
    return False


def _type_name(node: Node) -> Node | None:
    if not _TYPE.search(node.type):
        return None
    if node.type == "impl_item":
        return _innermost_type(node.child_by_field_name("type"))
    return node.child_by_field_name("name")


def _innermost_type(node: Node | None) -> Node | None:
    while node is not None and node.type == "generic_type":
        node = node.child_by_field_name("type")
    return node


def _owner_scope(node: Node) -> Node | None:
    """The callable whose variable a name would be, the whole text for those outside of all.

    None: it is a member of a type. The name and the parameters of a callable are told apart: its
    name belongs to the scope around it.
    """
    inner, scope = node, node.parent
    while scope is not None:
        if scope.parent is None:
            return scope
        if _TYPE.search(scope.type):
            return None
        if _CALLABLE.search(scope.type) and not _is_name_of(inner, scope):
            return scope
        inner, scope = scope, scope.parent
    return None


def _is_name_of(node: Node, scope: Node) -> bool:
    return scope.child_by_field_name("name") == node


def _is_bound(node: Node) -> bool:
    inner, parent = node, node.parent
    while parent is not None:
        field = _field_of(inner, parent)
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
        if _CALLABLE.search(parent.type):
            return field in ("parameter", "parameters")
        if not _PATTERNS.search(parent.type):
            return False
        inner, parent = parent, parent.parent
    return False


def _is_parameter(inner: Node, parent: Node, field: str | None) -> bool:
    """Whether part of a parameter or of a list of them is a name, not a type or a default."""
    if any(parent.child_by_field_name(name) is not None for name in _NAME_FIELDS):
        return field in _NAME_FIELDS
    return not parent.type.endswith("parameter") or parent.named_child(0) == inner


def _field_of(node: Node, parent: Node) -> str | None:
    for index in range(parent.child_count):
        if parent.child(index) == node:
            return parent.field_name_for_child(index)
    return None
