import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Edit, Status } from '../src/pure/protocol';
import { diffText, hintOf, statusLines, statusText } from '../src/pure/wording';

const STATUS: Status = {
  model: 'zeta-2.1',
  latencyMs: 139.6,
  busy: false,
  paused: false,
  capture: false,
  reason: null,
  explanation: null,
};

test('a hint names the row, and the file if it is another one', () => {
  const jump = (uri: string) => ({ textDocument: { uri }, position: { line: 39, character: 0 } });
  assert.equal(hintOf(jump('file:///a.py'), 'file:///a.py'), 'next edit: line 40');
  assert.equal(hintOf(jump('file:///x/b%20c.py'), 'file:///a.py'), 'next edit: b c.py:40');
  assert.equal(hintOf(jump('file:///x/100%.py'), 'file:///a.py'), 'next edit: 100%.py:40');
});

describe('the status bar', () => {
  test('shows model and latency', () => {
    assert.equal(statusText('running', STATUS), '$(zap) zeta-2.1 140 ms');
  });

  test('shows that a file is recorded, also while paused', () => {
    assert.match(statusText('running', { ...STATUS, capture: true }), /\$\(record\)$/);
    assert.match(statusText('running', { ...STATUS, capture: true, paused: true }), /paused \$\(record\)$/);
  });

  test('shows that nothing is shown, and says why in its hover', () => {
    const silent = { ...STATUS, reason: 'excluded_path', explanation: 'the file is excluded' };
    assert.match(statusText('running', silent), /^\$\(circle-slash\)/);
    assert.ok(statusLines('running', silent).includes('Nothing shown: the file is excluded'));
  });

  test('shows a server that is not there', () => {
    assert.equal(statusText('stopped', null), '$(error) zeta');
    assert.deepEqual(statusLines('stopped', STATUS), ['zeta-lsp is not running']);
    assert.equal(statusText('starting', null), '$(loading~spin) zeta');
  });

  test('shows no latency before anything was asked', () => {
    assert.equal(statusText('running', { ...STATUS, latencyMs: null }), '$(zap) zeta-2.1');
  });
});

test('a diff shows whole rows, and none that stays', () => {
  const lines = ['a', 'b', 'c'];
  const text = { rows: lines.length, line: (row: number) => lines[row] ?? '' };
  const edit = (line: number, from: number, toLine: number, to: number, newText: string): Edit => ({
    textDocument: { uri: 'file:///a' },
    range: { start: { line, character: from }, end: { line: toLine, character: to } },
    newText,
  });
  assert.equal(diffText([edit(1, 1, 1, 1, 'x')], text), '- b\n+ bx');
  assert.equal(diffText([edit(1, 0, 1, 0, 'x\n')], text), '+ x');
  assert.equal(diffText([edit(0, 0, 1, 0, '')], text), '- a');
  assert.equal(diffText([edit(2, 1, 2, 1, 'd'), edit(0, 0, 0, 1, 'A')], text), '- a\n+ A\n- c\n+ cd');
});
