// Bundles the extension into dist/, or with --tests each test into out/, from where node runs it.
import { build } from 'esbuild';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' };

/** The licences of the packages that are in a bundle, which have to go with it. */
function notices(inputs) {
  const found = Object.keys(inputs).map((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  const folders = [...new Set(found)].filter((folder) => folder !== undefined).sort();
  return folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? `License: ${license}` : readFileSync(`${folder}/${file}`, 'utf8');
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
}

if (process.argv.includes('--tests')) {
  rmSync('out', { recursive: true, force: true });
  const tests = readdirSync('test').filter((name) => name.endsWith('.test.ts'));
  await build({
    ...common,
    entryPoints: tests.map((name) => `test/${name}`),
    outdir: 'out',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'inline',
  });
} else {
  rmSync('dist', { recursive: true, force: true });
  const { metafile } = await build({
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    format: 'cjs',
    external: ['vscode'],
    minify: true,
    metafile: true,
  });
  writeFileSync('dist/THIRD-PARTY.txt', notices(metafile.inputs).join(`\n${'-'.repeat(80)}\n\n`));
}
