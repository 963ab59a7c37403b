import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextLine, nextWord } from '../src/pure/parts';

function words(text: string): string[] {
  const found: string[] = [];
  while (text !== '') {
    const word = nextWord(text);
    assert.notEqual(word, '', `nothing taken of ${JSON.stringify(text)}`);
    found.push(word);
    text = text.slice(word.length);
  }
  return found;
}

test('a word is letters and digits, or a run of other signs, with the blanks in front of it', () => {
  assert.deepEqual(words('(net, rate_2)'), ['(', 'net', ',', ' rate_2', ')']);
  assert.deepEqual(words('größe 漢字🎉'), ['größe', ' 漢字', '🎉']);
});

test('line ends are a word with the indentation behind them', () => {
  assert.deepEqual(words('a\n    b'), ['a', '\n    ', 'b']);
  assert.deepEqual(words('a  \r\n'), ['a', '  \r\n']);
});

test('every text is taken in the end', () => {
  for (const text of ['', ' ', '\n', '\t\t', '\u0000', '\ud83c', 'é́']) {
    assert.equal(words(text).join(''), text);
  }
});

test('a line goes to and with its end', () => {
  assert.equal(nextLine('a\nb'), 'a\n');
  assert.equal(nextLine('a\r\nb'), 'a\r\n');
  assert.equal(nextLine('\nb'), '\n');
  assert.equal(nextLine('b'), 'b');
  assert.equal(nextLine(''), '');
});
