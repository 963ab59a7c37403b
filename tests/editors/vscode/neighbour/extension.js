// Runs the language servers that its settings name, for Python, as any language extension does.
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

exports.activate = async (context) => {
  const servers = vscode.workspace.getConfiguration('neighbour').get('servers');
  for (const [name, [command, ...args]] of Object.entries(servers)) {
    const client = new LanguageClient(name, { command, args }, { documentSelector: [{ language: 'python' }] });
    context.subscriptions.push(client);
    await client.start();
  }
};
