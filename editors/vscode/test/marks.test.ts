import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { columnsOf, type Limits, type Mark, marksOf, type Text } from '../src/pure/marks';
import type { Edit } from '../src/pure/protocol';

const LINES = ['def gross(net, rate):', '    tax = net * rate', '', '    return net + tax', ''];
const LIMITS: Limits = { blockRows: 12, chars: 160, tabSize: 4 };

function textOf(lines: string[]): Text {
  return { rows: lines.length, line: (row) => lines[row] ?? assert.fail(`there is no row ${String(row)}`) };
}

type Corner = [line: number, character: number];

function edit([line, character]: Corner, [toLine, toCharacter]: Corner, newText: string): Edit {
  const range = { start: { line, character }, end: { line: toLine, character: toCharacter } };
  return { textDocument: { uri: 'file:///a' }, range, newText };
}

function marks(one: Edit, lines = LINES, limits = LIMITS): Mark[] {
  return marksOf([one], textOf(lines), limits);
}

/** Marks in a form that reads: what goes, what comes, what is drawn beside which row. */
function drawn(one: Edit, lines = LINES, limits = LIMITS): string[] {
  return marks(one, lines, limits).map((mark) => {
    switch (mark.kind) {
      case 'goes': {
        const { start, end } = mark.range;
        return `-${String(start.line)}:${lines[start.line]?.slice(start.character, end.character) ?? ''}`;
      }
      case 'rowGoes':
        return `--${String(mark.row)}`;
      case 'comes':
        return `+${String(mark.at.line)},${String(mark.at.character)}:${mark.text}`;
      case 'beside':
        return `|${String(mark.row)}:${mark.text}`;
    }
  });
}

describe('within a row', () => {
  test('text that is inserted is drawn in its place', () => {
    assert.deepEqual(drawn(edit([3, 20], [3, 20], ' + fee')), ['+3,20: + fee']);
  });

  test('text that is replaced is marked only where it differs', () => {
    assert.deepEqual(drawn(edit([3, 4], [3, 20], 'return net + vat')), ['-3:tax', '+3,20:vat']);
    assert.deepEqual(drawn(edit([3, 11], [3, 14], 'nett')), ['+3,14:t']);
  });

  test('text that is deleted is struck out', () => {
    assert.deepEqual(drawn(edit([3, 14], [3, 20], '')), ['-3: + tax']);
  });

  test('half of an emoji is never drawn', () => {
    const lines = ["x = '🎉'"];
    assert.deepEqual(drawn(edit([0, 5], [0, 7], '🎈'), lines), ['-0:🎉', '+0,7:🎈']);
    assert.deepEqual(drawn(edit([0, 5], [0, 7], '🎉🎉'), lines), ['+0,7:🎉']);
  });

  test('long text is cut', () => {
    const [mark] = marks(edit([2, 0], [2, 0], '🎉'.repeat(20)), LINES, { ...LIMITS, chars: 10 });
    assert.ok(mark?.kind === 'comes');
    assert.equal(mark.text, `${'🎉'.repeat(9)}…`);
  });
});

describe('across rows', () => {
  test('as many rows for as many are compared row by row', () => {
    const fresh = '    tax = net * vat\n\n    return net - tax';
    assert.deepEqual(drawn(edit([1, 0], [3, 20], fresh)), ['-1:rate', '+1,20:vat', '-3:+', '+3,16:-']);
  });

  test('rows that go are struck out whole', () => {
    assert.deepEqual(drawn(edit([1, 0], [3, 0], '')), ['--1', '--2']);
  });

  test('rows that come are drawn beside those that are there', () => {
    assert.deepEqual(drawn(edit([1, 0], [1, 0], '    a()\n    b()\n')), ['|1:    a()', '|2:    b()']);
    assert.deepEqual(drawn(edit([1, 20], [1, 20], '\n    a()')), ['|1:    a()']);
  });

  test('an insertion that splits a row shows both halves', () => {
    assert.deepEqual(drawn(edit([1, 8], [1, 8], 'x\n    y')), ['|1:    tax x', '|2:    y= net * rate']);
  });

  test('rows that replace fewer stand beside them', () => {
    const found = drawn(edit([1, 0], [2, 0], '    a()\n    b()\n'));
    assert.deepEqual(found, ['--1', '|1:    a()', '|2:    b()']);
  });

  test('a block begins in one column, whatever stands in front of it', () => {
    const found = marks(edit([1, 0], [1, 0], 'a\nb\nc\n'));
    const starts = found.map((mark) => {
      assert.ok(mark.kind === 'beside');
      return mark.gap + columnsOf(LINES[mark.row] ?? '', 4);
    });
    assert.deepEqual(starts, [24, 24, 24]);
  });

  test('a block at the end of the text moves up to fit', () => {
    assert.deepEqual(drawn(edit([4, 0], [4, 0], 'a\nb\n')), ['|3:a', '|4:b']);
  });

  test('a block that is longer than the text is cut off, and so is one over the limit', () => {
    const found = drawn(edit([0, 1], [0, 1], '\nb\nc\nd'), ['a'], LIMITS);
    assert.deepEqual(found, ['|0:b']);
    const cut = drawn(edit([0, 0], [0, 0], 'a\nb\nc\nd\n'), LINES, { ...LIMITS, blockRows: 2 });
    assert.deepEqual(cut, ['|0:a', '|1:… 3 more lines']);
  });

  test('a range may end behind the last row', () => {
    assert.deepEqual(drawn(edit([3, 0], [5, 0], '')), ['--3', '--4']);
  });

  test('CRLF makes no row of its own', () => {
    assert.deepEqual(drawn(edit([1, 0], [1, 0], '    a()\r\n')), ['|1:    a()']);
  });
});

test('tabs and wide characters take their columns', () => {
  assert.equal(columnsOf('\tx', 4), 5);
  assert.equal(columnsOf('ab\tx', 4), 5);
  assert.equal(columnsOf('漢字', 4), 4);
  assert.equal(columnsOf('🎉', 4), 2);
});
