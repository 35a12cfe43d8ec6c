import { configDefaults, defineConfig } from 'vitest/config';

// Minutes long: they run when they are asked for (npm run test:soak).
const isSoak = process.argv.some((argument) => argument.includes('test/soak'));

export default defineConfig({
  oxc: { target: 'node20' },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(isSoak ? [] : ['test/soak/**'])],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['test/support/global-setup.ts'],
  },
});
