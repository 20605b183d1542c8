import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: 'client',
  plugins: [react()],
  build: { outDir: '../dist/client', emptyOutDir: true, chunkSizeWarningLimit: 1500 },
  // Only the API: the client's own modules stand below /api too. The host stays, for the server refuses changes from other origins.
  server: { proxy: { '^/api/(v1|auth)/': { target: 'http://localhost:4400' } } },
  test: {
    root: '.',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    setupFiles: ['tests/seed-properties.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{spec,sdk,engine,nodes,practice,server,client,scripts}/**/*.test.{ts,tsx}'],
        },
      },
      { extends: true, test: { name: 'browser', include: ['tests/browser/**/*.test.ts'], fileParallelism: false } },
      { extends: true, test: { name: 'whole', include: ['tests/{whole,crash}/**/*.test.ts'] } },
    ],
  },
});
