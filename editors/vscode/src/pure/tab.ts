/**
 * Decides whether Tab is ours while something of ours is on the screen.
 *
 * Somebody whose cursor stands in the indentation of a row wants to indent it, whatever is
 * proposed rows away. Tab is ours there only if the edit is in that very row, or if our own jump
 * or accept put the cursor there. VS Code's own conditions (menu, snippets, selections) are in the
 * key bindings of package.json.
 */

export interface Cursor {
  readonly row: number;
  readonly column: number;
  /** The text of its row. */
  readonly line: string;
  /** Whether we put it there, and it has not moved since. */
  readonly arrived: boolean;
}

/** `rows` are the first and last row that the edit touches here; null if it is in another file. */
export function tabIsOurs(cursor: Cursor, rows: readonly [number, number] | null): boolean {
  if (!inIndentation(cursor) || cursor.arrived) {
    return true;
  }
  return rows !== null && rows[0] <= cursor.row && cursor.row <= rows[1];
}

function inIndentation(cursor: Cursor): boolean {
  return cursor.line.slice(0, cursor.column).trim() === '';
}
