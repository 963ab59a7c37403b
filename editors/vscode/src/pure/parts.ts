/** The next word and the next line of a text that is inserted: what "accept a part" takes. */

const WORD = /^[^\S\r\n]*(?:[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]+)|^\s+/u;
const LINE = /^[^\r\n]*(?:\r\n|\n|\r)?/;

/** Letters and digits, or a run of other signs, with the blanks in front of it; else blanks. */
export function nextWord(text: string): string {
  return WORD.exec(text)?.[0] ?? '';
}

/** Up to and with the next line end, or all of it. */
export function nextLine(text: string): string {
  return LINE.exec(text)?.[0] ?? '';
}
