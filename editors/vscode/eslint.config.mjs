import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'out', '*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'describe'] }] },
      ],
      eqeqeq: 'error',
      'max-lines-per-function': ['error', 40],
    },
  },
  { files: ['test/**'], rules: { 'max-lines-per-function': 'off' } },
);
