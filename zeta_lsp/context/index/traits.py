"""In what languages differ when one asks what a bare name can mean."""

import builtins

from zeta_lsp.context.index.words import words

FAMILIES = (
    frozenset(("javascript", "typescript", "tsx")),
    frozenset(("c", "cpp")),
    frozenset(("java", "kotlin", "scala")),
)
"""Languages that use each other's definitions."""
IMPLICIT_THIS = frozenset(("java", "kotlin", "scala", "csharp", "cpp", "ruby", "swift"))
"""A bare name may be a member of the type around it."""
SPLIT = frozenset(("cpp", "c", "go", "rust", "csharp", "kotlin", "swift"))
"""Members may be defined in other files than their type."""
SHARED_FOLDER = frozenset(("go", "java", "kotlin", "scala", "csharp"))
"""Files of one folder see each other's definitions without an import."""
EXPLICIT = frozenset(("python", "javascript", "typescript", "tsx", "rust", "lua", "go"))
"""What is neither bound nor imported is not defined in another file, or not imported yet."""
SCRIPT = frozenset(("javascript", "typescript", "tsx"))
SELF = frozenset(("self", "this", "cls", "Self", "super"))
_SCRIPT = words(
    "Array Boolean Date Error Function Infinity Intl JSON Map Math NaN Number Object Promise "
    "Proxy Reflect RegExp Set String Symbol WeakMap WeakSet console document fetch globalThis "
    "isNaN module navigator parseFloat parseInt process require setInterval setTimeout string "
    "undefined window any boolean never number object unknown void bigint clearTimeout "
    "clearInterval Record Partial Readonly Required Pick Omit Exclude Extract ReturnType "
    "Parameters AbortController Buffer URL exports null this"
)
_GO = words(
    "any append bool byte cap close complex complex128 complex64 copy delete error false "
    "float32 float64 imag int int16 int32 int64 int8 iota len make max min new nil panic "
    "print println real recover rune string true uint uint16 uint32 uint64 uint8 uintptr "
    "clear comparable"
)
_RUST = words(
    "Box Clone Copy Debug Default Drop Eq Err Fn FnMut FnOnce From Into Iterator None Ok "
    "Option Ord PartialEq PartialOrd Result Self Send Sized Some String Sync ToString Vec "
    "bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize assert format "
    "panic println vec self super crate assert_eq matches write writeln"
)
_LUA = words(
    "assert error getmetatable ipairs math next os pairs pcall print rawget rawset require "
    "select self setmetatable string table tonumber tostring type"
)
_JVM = words(
    "Boolean Byte Character Class Double Exception Float Integer Iterable Long Math Object "
    "Override Runnable Short String StringBuilder System Thread Throwable Void Any Int List "
    "Map Set Unit println Nothing Array Pair Deprecated"
)


def knows_by_itself(language: str, name: str) -> bool:
    """Whether a bare name is the language's own, unless something binds it."""
    if language == "python":
        return hasattr(builtins, name) or name in ("self", "cls")
    return name in _OWN.get(language, ())


def is_kin(language: str | None, other: str | None) -> bool:
    """Whether files of two languages use each other's definitions."""
    return language == other or any(language in kin and other in kin for kin in FAMILIES)


_OWN: dict[str, frozenset[str]] = {
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "go": _GO,
    "rust": _RUST,
    "lua": _LUA,
    "java": _JVM,
    "kotlin": _JVM,
    "scala": _JVM,
}
