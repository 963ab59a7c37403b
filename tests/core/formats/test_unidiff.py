from zeta_lsp.core.formats.unidiff import Hunk, hunks_of, undone

DIFF = "@@ -1,3 +1,3 @@ def f():\n a\n-b\n+c\n d\n@@ -9,0 +10,1 @@\n+x\n"


def test_both_sides_of_every_hunk_are_read():
    assert hunks_of(DIFF) == (Hunk(0, 0, "a\nb\nd\n", "a\nc\nd\n"), Hunk(9, 9, "", "x\n"))


def test_lines_that_belong_to_no_hunk_are_skipped():
    assert hunks_of("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n") == (
        Hunk(0, 0, "a\n", "b\n"),
    )


def test_a_text_without_hunks_has_none():
    assert hunks_of("") == hunks_of("@@ nonsense @@\n+a\n") == ()


def test_a_hunk_is_taken_back_at_the_nearest_place():
    hunk = Hunk(0, 0, "old\nb\n", "new\nb\n")
    rows = ["new", "b", "x", "new", "b"]
    assert undone(rows, hunk, 4) == (["new", "b", "x", "old", "b"], 3, 0)
    assert undone(rows, hunk, 0) == (["old", "b", "x", "new", "b"], 0, 0)


def test_added_rows_are_counted():
    assert undone(["a", "x", "y", "b"], Hunk(0, 0, "a\nb\n", "a\nx\ny\nb\n"), 0) == (
        ["a", "b"],
        1,
        2,
    )


def test_a_hunk_that_does_not_stand_there_is_not_taken_back():
    assert undone(["a"], Hunk(0, 0, "x\n", "b\n"), 0) is None
    assert undone(["a"], Hunk(0, 0, "x\n", ""), 0) is None
