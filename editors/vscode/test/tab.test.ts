import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cursor, tabIsOurs } from '../src/pure/tab';

const BEHIND: Cursor = { row: 2, column: 9, line: '    check', arrived: false };
const INDENTED: Cursor = { row: 2, column: 4, line: '    check', arrived: false };
const BLANK: Cursor = { row: 2, column: 4, line: '    ', arrived: false };

test('Tab is ours behind code, wherever the edit is', () => {
  assert.ok(tabIsOurs(BEHIND, [40, 41]));
  assert.ok(tabIsOurs(BEHIND, null));
});

test('Tab indents where the cursor stands in the indentation of another row', () => {
  for (const cursor of [INDENTED, BLANK]) {
    assert.equal(tabIsOurs(cursor, [3, 5]), false);
    assert.equal(tabIsOurs(cursor, [0, 1]), false);
    assert.equal(tabIsOurs(cursor, null), false);
  }
});

test('Tab is ours in the indentation of the row that is edited', () => {
  assert.ok(tabIsOurs(INDENTED, [2, 2]));
  assert.ok(tabIsOurs(BLANK, [1, 3]));
});

test('Tab stays ours where we put the cursor', () => {
  assert.ok(tabIsOurs({ ...INDENTED, arrived: true }, [3, 3]));
});
