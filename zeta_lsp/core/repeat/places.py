"""What kind of place in the code a spot is."""

_COMMENTS = ("#", "//", "/*", "*", "--", ";")
_MEMBERS = (".", "->", "::")


def kind_of_place(before: str) -> str:
    """What a place is, by what stands before it in its line: text, a member, or other code."""
    if before.lstrip().startswith(_COMMENTS) or any(before.count(sign) % 2 for sign in "\"'`"):
        return "text"
    return "member" if before.endswith(_MEMBERS) else "code"
