"""The stable words for why a file is not recorded, and what each means to a person."""

EXCLUDED_PATH = "excluded_path"
OUTSIDE_ROOT = "outside_root"
GIT_IGNORED = "git_ignored"
VENDORED = "vendored"
GENERATED = "generated"
MINIFIED = "minified"
BINARY = "binary"
LONE_SURROGATES = "lone_surrogates"
TOO_LARGE = "too_large"
LONG_LINES = "long_lines"

REASONS: dict[str, str] = {
    EXCLUDED_PATH: "The path is excluded: keys, credentials, private notes, or one of your globs.",
    OUTSIDE_ROOT: "The file is not inside the project, or a symbolic link leads out of it.",
    GIT_IGNORED: "Git ignores the file, so it is not part of what the project publishes.",
    VENDORED: "The file was copied in from another project, whose licence may differ.",
    GENERATED: "A program wrote the file; nobody edits it by hand.",
    MINIFIED: "The file was minified by a program.",
    BINARY: "The file holds NUL characters: it is not text.",
    LONE_SURROGATES: "The file holds half characters (lone surrogates) that UTF-8 cannot store.",
    TOO_LARGE: "The file is larger than what is worth recording (1,000,000 characters).",
    LONG_LINES: "The file has a line of more than 4,096 characters.",
}
"""One line for people, for each word that `Eligibility` answers with."""
