"""Scripts that read in VS Code's page what is drawn there.

Ghost text is made of elements. Decorations are not: struck text is a style of the code's own
elements, and text that comes is in their pseudo-elements, where only computed styles show it.
"""

GHOST = """() => {
  const text = (one) => one.textContent.replaceAll('\\u00a0', ' ').replaceAll('\\u200b', '');
  const all = (selector) => [...document.querySelectorAll(`.editor-instance ${selector}`)];
  const inline = all('.view-line [class*=ghost-text-decoration]').map(text).join('');
  const below = all('.suggest-preview-text .view-line').map(text);
  return [inline, ...below].join('\\n').replace(/\\n$/, '');
}"""
DRAWN = """() => {
  const plain = (text) => text.replaceAll('\\u00a0', ' ');
  const rows = [...document.querySelectorAll('.editor-instance .view-line')].map((line) => {
    const row = { top: line.getBoundingClientRect().top, goes: '', comes: '' };
    for (const span of line.querySelectorAll('span[class*="ced-"]')) {
      const struck = getComputedStyle(span).textDecorationLine.includes('line-through');
      row.goes += struck ? plain(span.textContent) : '';
      for (const part of ['::before', '::after']) {
        const { content } = getComputedStyle(span, part);
        row.comes += content.startsWith('"') ? plain(JSON.parse(content)) : '';
      }
    }
    return row;
  });
  return rows.sort((one, other) => one.top - other.top);
}"""
"""Of each row from the top: the text that is struck out, and the text that is drawn into it."""
