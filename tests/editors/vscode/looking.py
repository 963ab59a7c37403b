"""Scripts that read in VS Code's page what is drawn there.

Ghost text is made of elements. Decorations are not: struck text is a style of the code's own
elements, and text that comes is in their pseudo-elements, where only computed styles show it.
"""

GHOST = """() => {
  const text = ({ textContent }) => textContent.replaceAll('\\u00a0', ' ').replaceAll('\\u200b', '');
  const all = (selector) => [...document.querySelectorAll(`.editor-instance ${selector}`)];
  const inline = all('.view-line [class*=ghost-text-decoration]').map(text).join('');
  const below = all('.suggest-preview-text .view-line').map(text);
  return [inline, ...below].join('\\n').replace(/\\n$/, '');
}"""
DRAWN = """() => {
  const found = [];
  for (const line of document.querySelectorAll('.editor-instance .view-line')) {
    for (const span of line.querySelectorAll('span[class*="ced-"]')) {
      const style = getComputedStyle(span);
      const struck = style.textDecorationLine.includes('line-through');
      const come = ['::before', '::after']
        .map((part) => getComputedStyle(span, part).content)
        .filter((content) => content !== 'none' && content !== 'normal')
        .map((content) => JSON.parse(content).replaceAll('\\u00a0', ' '));
      const goes = struck ? span.textContent.replaceAll('\\u00a0', ' ') : '';
      found.push({ top: line.getBoundingClientRect().top, goes, comes: come.join('') });
    }
  }
  return found.sort((one, other) => one.top - other.top);
}"""
