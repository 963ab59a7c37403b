// Tells a test over loopback HTTP what VS Code holds: the active file, its text, its cursor.
// The test reads what is drawn from the page, and presses keys there; this is for what no page shows.
const http = require('node:http');
const fs = require('node:fs');
const vscode = require('vscode');

const actions = {
  state() {
    const editor = vscode.window.activeTextEditor;
    if (!editor) return null;
    const { document, selection } = editor;
    const { line, character } = selection.active;
    return { path: document.uri.fsPath, text: document.getText(), dirty: document.isDirty, line, character };
  },
  async open({ path }) {
    await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
  },
  // Messages between window and extensions are dealt with in order: after a round trip the extensions
  // know of every key, after another one the window has drawn what they said to that.
  async settle() {
    await vscode.commands.executeCommand('setContext', 'eye.knows', true);
    await vscode.commands.executeCommand('setContext', 'eye.drawn', true);
  },
  async place({ line, character }) {
    const editor = vscode.window.activeTextEditor;
    editor.selection = new vscode.Selection(line, character, line, character);
    editor.revealRange(editor.selection);
    await actions.settle();
  },
  diagnostics() {
    const { document } = vscode.window.activeTextEditor;
    return vscode.languages.getDiagnostics(document.uri).map((one) => one.message);
  },
  async definitions({ line, character }) {
    const { document } = vscode.window.activeTextEditor;
    const place = new vscode.Position(line, character);
    const found = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, place);
    return found.length;
  },
  setting({ name }) {
    return vscode.workspace.getConfiguration().get(name);
  },
};

exports.activate = (context) => {
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { action, ...params } = JSON.parse(Buffer.concat(parts).toString());
    try {
      response.end(JSON.stringify({ value: (await actions[action](params)) ?? null }));
    } catch (error) {
      response.end(JSON.stringify({ error: String(error) }));
    }
  });
  server.listen(0, '127.0.0.1', () => {
    fs.writeFileSync(process.env.ZETA_TEST_EYE, String(server.address().port));
  });
  context.subscriptions.push({ dispose: () => server.close() });
};
