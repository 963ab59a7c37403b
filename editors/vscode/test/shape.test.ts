import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer, Edit, Jump } from '../src/pure/protocol';
import { type Place, shapeOf } from '../src/pure/shape';

const URI = 'file:///shop.py';
const PLACE: Place = { uri: URI, cursor: { line: 2, character: 9 }, line: '    check = 1', ghosts: true };

function edit(line: number, from: number, to: number, newText: string, uri = URI): Edit {
  const range = { start: { line, character: from }, end: { line, character: to } };
  return { textDocument: { uri }, range, newText };
}

function answer(edits: Edit[], jump: Jump | null = null): Answer {
  return { id: 'p1', edits, cursor: null, jump, reason: null, model: 'm', latencyMs: 1 };
}

describe('an answer is', () => {
  test('ghost text if it inserts at the cursor', () => {
    const shape = shapeOf(answer([edit(2, 9, 9, '(net)')]), PLACE);
    assert.deepEqual(shape, {
      kind: 'ghost',
      range: { start: { line: 2, character: 9 }, end: { line: 2, character: 9 } },
      text: '(net)',
    });
  });

  test('ghost text around what stands behind the cursor, whatever the order of the edits', () => {
    const shape = shapeOf(answer([edit(2, 13, 13, ')'), edit(2, 9, 9, '(')]), PLACE);
    assert.ok(shape?.kind === 'ghost');
    assert.equal(shape.text, '( = 1)');
    assert.deepEqual(shape.range.end, { line: 2, character: 13 });
  });

  test('ghost text of several rows', () => {
    assert.equal(shapeOf(answer([edit(2, 13, 13, '\n    log()')]), PLACE)?.kind, 'ghost');
  });

  for (const [what, edits] of [
    ['in front of the cursor', [edit(2, 4, 4, 'x')]],
    ['in another row', [edit(3, 9, 9, 'x')]],
    ['in another file', [edit(2, 9, 9, 'x', 'file:///other.py')]],
    ['that replaces', [edit(2, 9, 10, 'x')]],
    ['that deletes', [edit(2, 9, 10, '')]],
    ['at the cursor and elsewhere', [edit(2, 9, 9, 'x'), edit(4, 0, 0, 'y')]],
  ] as const) {
    test(`a diff if it has an edit ${what}`, () => {
      assert.equal(shapeOf(answer([...edits]), PLACE)?.kind, 'diff');
    });
  }

  test('a diff where VS Code draws no ghost text', () => {
    const shape = shapeOf(answer([edit(2, 9, 9, '(net)')]), { ...PLACE, ghosts: false });
    assert.equal(shape?.kind, 'diff');
  });

  test('a jump if it says so, with or without edits', () => {
    const jump = { textDocument: { uri: URI }, position: { line: 40, character: 0 } };
    assert.equal(shapeOf(answer([], jump), PLACE)?.kind, 'jump');
    assert.equal(shapeOf(answer([edit(40, 0, 1, 'x')], jump), PLACE)?.kind, 'jump');
  });

  test('nothing if it says nothing', () => {
    assert.equal(shapeOf(answer([]), PLACE), null);
  });
});
