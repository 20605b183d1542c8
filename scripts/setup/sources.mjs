import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './say.mjs';

/** Tells files and folders of the project, without tests, from any other state of them. */
export function hashOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    for (const entry of readdirSync(full, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) visit(inner);
      else if (!/\.test\.tsx?$/.test(entry.name)) add(inner);
    }
  };
  const add = (path) => hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  for (const path of paths) path.includes('.') ? add(path) : visit(path);
  return hash.digest('hex');
}
