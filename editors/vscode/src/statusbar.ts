/** The item in the status bar: model, latency, whether the file is recorded, why nothing is shown. */

import { MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { statusLines, statusText } from './pure/wording';
import { type Server } from './server';

const ACTIONS = [
  '[Why is nothing shown?](command:zeta.explain)',
  '[Pause or resume](command:zeta.pause)',
  '[Record this project](command:zeta.captureOn)',
  '[Stop recording](command:zeta.captureOff)',
];

/** An item that follows the server. */
export function statusBarItem(server: Server): StatusBarItem {
  const item = window.createStatusBarItem('zeta.status', StatusBarAlignment.Right, 90);
  item.name = 'zeta-lsp';
  item.command = 'zeta.menu';
  const draw = (): void => {
    const { running, status } = server;
    const lines = statusLines(running, status);
    item.text = statusText(running, status);
    item.tooltip = hover(lines);
    item.accessibilityInformation = { label: `zeta-lsp. ${lines.join('. ')}` };
    item.backgroundColor = running === 'stopped' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
  };
  server.onChange(draw);
  draw();
  item.show();
  return item;
}

function hover(lines: readonly string[]): MarkdownString {
  const text = new MarkdownString();
  text.isTrusted = { enabledCommands: ['zeta.explain', 'zeta.pause', 'zeta.captureOn', 'zeta.captureOff'] };
  for (const line of lines) {
    text.appendText(line).appendMarkdown('\n\n');
  }
  return text.appendMarkdown(ACTIONS.join(' · '));
}
