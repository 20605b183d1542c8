import module from 'node:module';
import { join } from 'node:path';
import { root } from './say.mjs';

/** Where Node keeps what it has compiled: TypeScript without its types, and V8's code. */
export const compileCache = join(root, '.tools', 'compile-cache');

/** Keeps it for this process and, by the environment, for the threads and processes that it starts. */
export function keepCompiled(folder = compileCache) {
  module.enableCompileCache(folder);
  process.env.NODE_COMPILE_CACHE = folder;
}
