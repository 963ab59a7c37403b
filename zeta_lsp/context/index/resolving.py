"""What a name at a place of a file means: the question that the index is for.

In this order, and the first that knows ends it: the place is a definition itself; a parameter or
variable of the function around it; a definition of the same file that can be seen from there; what
an import binds, followed to where it is defined; the rest of the package or the included headers; a
variable of the file. For members, the object is looked at first (`members`). Only if none of this
knows the name are namesakes guessed (`guessing`), and not for names that the language defines
itself or that come from outside the workspace.
"""

from collections.abc import Sequence

from zeta_lsp.context.index import guessing
from zeta_lsp.context.index.admission import language_of
from zeta_lsp.context.index.facts import key_of
from zeta_lsp.context.index.importing import Found, Imports
from zeta_lsp.context.index.members import Members
from zeta_lsp.context.index.site import Page, Site, Spot
from zeta_lsp.context.index.traits import (
    IMPLICIT_THIS,
    SCRIPT,
    SELF,
    SHARED_FOLDER,
    is_kin,
    knows_by_itself,
)
from zeta_lsp.context.index.view import MAX_NAMED, Hit, View
from zeta_lsp.core.related import Identifier, Place

MAX_PLACES = 8
MAX_FIELDS = 3
"""Of a key that more types have, only the type that is expected there would say which is meant."""
_FUNCTIONS = ("function", "method")


class Resolver:
    """Answers for one file as long as its text stays what it is. Makes its tree once."""

    def __init__(self, view: View, path: str) -> None:
        self._view = view
        self._path = path
        self._language = language_of(path) or ""
        self.lines: Sequence[str] = view.lines(path)
        self._page = Page(self._language, self.lines)
        self._members = Members(view, self._page, path, self.lines)

    def places(self, wanted: Identifier) -> tuple[Place, ...]:
        """Where a name is defined, best first; nothing if it is not in this workspace.

        Of what holds a value, its type comes last: that is what a person wants to know of it.
        """
        name = wanted.text
        site = self._page.site(name, wanted.row, wanted.col)
        if not site.is_name or site.is_literal:
            return ()
        if site.is_label:
            return self._label(name, site)
        if site.module:
            modules = Imports(self._view).module(site.module, self._path)
            return _of_found(Found(modules=tuple(modules)))
        if site.local is not None:
            return self._variable(wanted, site.local)
        found = self._found(wanted, site)
        if found:
            return _joined(_of_found(found), self._members.types_of_values(found.hits))
        return () if site.in_module is None else self._variable(wanted, site.in_module)

    def _variable(self, wanted: Identifier, spot: Spot) -> tuple[Place, ...]:
        """Where the file binds a variable, and what its type is."""
        place = _spot(self._path, *spot, len(wanted.text))
        return _joined((place,), self._members.types_of(wanted.text, wanted.row))

    def _label(self, name: str, site: Site) -> tuple[Place, ...]:
        """The parameters of a name that the function, or the constructor of a type, has."""
        if site.label_of is not None:
            callee = Identifier(*site.label_of, 0)
            found = self._found(callee, self._page.site(callee.text, callee.row, callee.col))
            spots = [spot for hit in found.hits for spot in self._members.parameters(hit, name)]
            if spots:
                return tuple(_spot(*spot, len(name)) for spot in dict.fromkeys(spots))[:MAX_PLACES]
        return _places(self._fields(name)) if self._language in SCRIPT else ()

    def _fields(self, name: str) -> list[Hit]:
        """Fields that a key of an object may be, if hardly any type has one of the name."""
        fields = [
            hit
            for hit in self._view.named(key_of(name))
            if hit.symbol.kind == "field" and is_kin(self._language, language_of(hit.path))
        ]
        return guessing.best(fields, self._path) if len(fields) <= MAX_FIELDS else []

    def _found(self, wanted: Identifier, site: Site) -> Found:
        """The definitions and modules that a name means, other than local variables."""
        at = [hit for hit in self._own(wanted.text) if _stands_at(hit, wanted)]
        if at:
            return Found(hits=self._across(at))
        find = self._member if site.is_member else self._alone
        return find(wanted.text, site, wanted)

    def _across(self, at: list[Hit]) -> tuple[Hit, ...]:
        """In C, what a definition is declared as and a declaration defined; else the place itself.

        That is how servers of C answer, and the other side is what the file does not show.
        """
        if self._language not in ("c", "cpp"):
            return tuple(at)
        here, declares = at[0].symbol, self._only_declares(at[0])
        others = [
            hit
            for hit in self._view.named(here.name)
            if hit.symbol.container == here.container
            and (hit.symbol.kind in _FUNCTIONS if declares else self._only_declares(hit))
        ]
        own = [hit for hit in others if hit.path == self._path]
        return tuple(own or guessing.best(others, self._path) or at)

    def _own(self, name: str) -> list[Hit]:
        return self._view.in_file(self._path, key_of(name))

    def _alone(self, name: str, site: Site, wanted: Identifier) -> Found:
        if name in SELF:
            return Found(hits=self._members.object_of((name,), wanted.row).types)
        own = [hit for hit in self._own(name) if self._sees(hit, wanted.row)]
        if own:
            return Found(hits=self._nearest(own, wanted.row))
        bound = Imports(self._view).bound(self._path, name)
        if bound is not None:
            return bound
        if site.in_module is not None:
            return Found()
        taken = self._taken_whole(name)
        if taken:
            return taken
        inherited = self._implicit_member(name, wanted.row)
        if inherited or knows_by_itself(self._language, name):
            return Found(hits=tuple(inherited))
        return Found(hits=tuple(guessing.free(self._view.named(key_of(name)), self._path)))

    def _taken_whole(self, name: str) -> Found:
        """What the file sees without naming it: its package, its headers, ``*`` imports."""
        if self._language in SHARED_FOLDER:
            named = self._view.named(key_of(name))
            if len(named) >= MAX_NAMED:
                named = self._view.named_beside(self._path, key_of(name))
            beside = [hit for hit in named if self._is_of_package(hit)]
            if beside:
                return Found(hits=tuple(guessing.best(beside, self._path)))
        found = Imports(self._view).everything(self._path, name)
        return Found(self._bodies_first(found.hits), found.modules)

    def _is_of_package(self, hit: Hit) -> bool:
        folder, own = hit.path.rpartition("/")[0], self._path.rpartition("/")[0]
        is_type_of_jvm = self._language != "go" and hit.symbol.depth == 0
        if not is_kin(self._language, language_of(hit.path)) or hit.symbol.depth:
            return False
        if hit.symbol.container:  # a Go method
            return False
        return folder == own or (is_type_of_jvm and _package(folder) == _package(own) != "")

    def _implicit_member(self, name: str, row: int) -> list[Hit]:
        if self._language not in IMPLICIT_THIS:
            return []
        owner = self._members.object_of(("this",), row)
        return self._members.members_of(owner, name)

    def _member(self, name: str, site: Site, wanted: Identifier) -> Found:
        if site.chain:
            owner = self._members.object_of(site.chain, wanted.row)
            hits = self._members.members_of(owner, name)
            modules = self._members.submodules(owner, name)
            if hits or modules or owner.is_foreign or owner.modules:
                return Found(tuple(hits), modules)
        named = self._view.named(key_of(name))
        return Found(hits=tuple(guessing.members(named, self._path)))

    def _sees(self, hit: Hit, row: int) -> bool:
        """Whether a definition of the file can be meant by a bare name in a row."""
        if hit.symbol.depth == 0:
            return not hit.symbol.container or self._language in IMPLICIT_THIS
        scope = self._page.scope_of(hit.symbol.name_row, hit.symbol.name_col)
        if scope is None:
            return True
        is_type, rows = scope
        return row in rows and (not is_type or self._language in IMPLICIT_THIS)

    def _nearest(self, hits: list[Hit], row: int) -> tuple[Hit, ...]:
        """Inner scopes hide outer ones; of several definitions in one, those above come first."""
        depth = max(hit.symbol.depth for hit in hits)
        same = [hit for hit in hits if hit.symbol.depth == depth]
        same.sort(key=lambda hit: (hit.symbol.kind == "prototype", hit.symbol.name_row > row))
        return self._bodies_first(same)

    def _bodies_first(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """What defines before what only declares; a header seldom is called like its source."""
        if not hits or not all(self._only_declares(hit) for hit in hits):
            return tuple(guessing.definitions_first(hits))
        named = self._view.named(hits[0].symbol.name)
        real = [hit for hit in named if hit.symbol.kind == "function" and not hit.symbol.depth]
        return (*guessing.best(real, hits[0].path), *hits)

    def _only_declares(self, hit: Hit) -> bool:
        """In C no bare name is a field: that is how a prototype looks behind an unknown macro."""
        kind = hit.symbol.kind
        return kind == "prototype" or (kind == "field" and self._language == "c")


def _stands_at(hit: Hit, wanted: Identifier) -> bool:
    return (hit.symbol.name_row, hit.symbol.name_col) == (wanted.row, wanted.col)


def _package(folder: str) -> str:
    """The package of a folder of a JVM project, which tests share with what they test."""
    for mark in ("/java/", "/kotlin/", "/scala/"):
        _, found, package = folder.rpartition(mark)
        if found:
            return package
    return ""


def _of_found(found: Found) -> tuple[Place, ...]:
    return (_places(found.hits) + _tops(found.modules))[:MAX_PLACES]


def _joined(places: tuple[Place, ...], types: Sequence[Hit]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys((*places, *_places(types))))[:MAX_PLACES]


def _tops(files: Sequence[str]) -> tuple[Place, ...]:
    """The beginnings of a module's files; a package of many has none that would say anything."""
    return tuple(Place(file, 0, 0, 0, 0) for file in files) if len(files) <= 2 else ()


def _places(hits: Sequence[Hit]) -> tuple[Place, ...]:
    spots = (
        _spot(hit.path, hit.symbol.name_row, hit.symbol.name_col, hit.symbol.name_cols)
        for hit in hits
    )
    return tuple(dict.fromkeys(spots))[:MAX_PLACES]


def _spot(path: str, row: int, col: int, cols: int) -> Place:
    return Place(path, row, col, row, col + cols)
