import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialVault } from '../credentials/credential-vault.ts';
import { type Database, migrate } from '../storage/sqlite/database.ts';

/** A credential that workflows of the first day connect with. */
export interface DefaultCredential {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly mode: 'practice' | 'real';
  readonly values: Record<string, unknown>;
}

/** What a new home folder begins with, so that the starters run at once. What a person deletes later stays deleted. */
export function furnish(
  { db, vault, home, exampleFiles }: { db: Database; vault: CredentialVault; home: string; exampleFiles: string },
  credentials: readonly DefaultCredential[],
): void {
  migrate(db, 'furnished', ['create table furnished (what text primary key) without rowid']);
  const isDone = db.prepare('select 1 from furnished where what = ?');
  const note = db.prepare('insert into furnished values (?)');
  for (const credential of credentials) {
    const what = `credential:${credential.id}`;
    if (isDone.get(what)) continue;
    if (!vault.has(credential.id)) vault.create(credential);
    note.run(what);
  }
  const files = join(home, 'files');
  mkdirSync(files, { recursive: true });
  for (const name of existsSync(exampleFiles) ? readdirSync(exampleFiles) : []) {
    const what = `file:${name}`;
    if (isDone.get(what)) continue;
    cpSync(join(exampleFiles, name), join(files, name), { recursive: true, force: false });
    note.run(what);
  }
}
