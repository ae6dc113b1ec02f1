import js from '@eslint/js'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'data', 'coverage'] },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    rules: {
      // a `!` on a typed-array read inside a loop that made the index is the accepted idiom
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      'no-control-regex': 'off', // hostile text is what safeText is about
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
    },
  },
  {
    // what a ship calls itself never becomes markup
    files: ['console/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc', 'write'].map(property => ({
          property,
          message: 'text goes in as text: h() of dom.ts',
        })),
      ],
    },
  },
  { files: ['scripts/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  {
    // one clock: event time. The wall clock belongs to the edges
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**', 'src/sources/**', 'src/run/**', 'src/server/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'event time is the only clock' },
      ],
      'no-console': 'error',
    },
  },
)
