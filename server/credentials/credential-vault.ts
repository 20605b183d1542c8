import { type CredentialDefinition, NodeError } from '../../sdk/index.ts';
import type { CredentialLimits, CredentialMode, CredentialTestResult } from '../../spec/api/credential.ts';
import { Fault, notFound } from '../fault.ts';
import { type Database, migrate } from '../storage/sqlite/database.ts';
import type { Cipher } from './cipher.ts';
import { secretFields } from './credential-types.ts';

type Values = Record<string, unknown>;

/** What is told of a credential: its secrets by name only. */
export interface StoredCredential {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly mode: CredentialMode;
  readonly updatedAt: number;
  readonly limits: CredentialLimits;
  /** Without secrets. */
  readonly values: Values;
  /** Secrets that have a value. */
  readonly filled: readonly string[];
  readonly lastTest?: CredentialTestResult & { readonly at: number };
}

export interface VaultOptions {
  readonly db: Database;
  readonly cipher: Cipher;
  readonly now: () => number;
  readonly types: readonly CredentialDefinition[];
  /** Values that connect to the practice service of a type; `undefined` where there is none. */
  readonly practiceValues: (type: string) => Promise<Values | undefined>;
}

/** Credentials, encrypted at rest. Decrypted values are given to running steps alone. */
export class CredentialVault {
  private readonly options: VaultOptions;
  private readonly types: ReadonlyMap<string, CredentialDefinition>;
  private readonly listeners = new Set<(id: string) => void>();

  constructor(options: VaultOptions) {
    this.options = options;
    this.types = new Map(options.types.map((type) => [type.type, type]));
    migrate(options.db, 'credentials', [
      `create table credential (id text primary key, name text not null, type text not null, mode text not null, sealed blob not null,
        updated_at integer not null, last_test text)`,
      'alter table credential add column limits text',
    ]);
  }

  list(): StoredCredential[] {
    return this.options.db
      .prepare('select * from credential order by name collate nocase, id')
      .all()
      .map((row) => this.told(row));
  }

  /** Id and type of all, for `validate()`. */
  known(): { id: string; type: string }[] {
    return this.options.db
      .prepare('select id, type from credential')
      .all()
      .map((row) => ({ id: String(row.id), type: String(row.type) }));
  }

  get(id: string): StoredCredential {
    return this.told(this.row(id));
  }

  has(id: string): boolean {
    return this.options.db.prepare('select 1 from credential where id = ?').get(id) !== undefined;
  }

  create(given: {
    id?: string | undefined;
    name: string;
    type: string;
    mode: CredentialMode;
    values: Values;
    limits?: CredentialLimits | undefined;
  }): StoredCredential {
    const definition = this.definition(given.type);
    this.check(definition, given.mode, given.values);
    const id = given.id ?? this.freeId(given.name);
    if (this.has(id)) {
      throw new Fault({
        kind: 'conflict',
        code: 'credential-exists',
        message: `There is already a credential "${id}".`,
        remedy: 'Give this one another id, or change the other.',
      });
    }
    this.options.db
      .prepare('insert into credential (id, name, type, mode, sealed, updated_at, limits) values (?, ?, ?, ?, ?, ?, ?)')
      .run(
        id,
        given.name,
        given.type,
        given.mode,
        this.seal(id, given.values),
        this.options.now(),
        textOf(given.limits),
      );
    return this.get(id);
  }

  /** A secret that is absent or blank keeps its value; other values are replaced as a whole. */
  change(
    id: string,
    change: {
      name?: string | undefined;
      mode?: CredentialMode | undefined;
      values?: Values | undefined;
      limits?: CredentialLimits | undefined;
    },
  ): StoredCredential {
    const row = this.row(id);
    const definition = this.definition(String(row.type));
    const before = this.unseal(row);
    const values = change.values ? this.withSecrets(definition, change.values, before) : before;
    const mode = change.mode ?? modeIn(row.mode);
    this.check(definition, mode, values);
    this.options.db
      .prepare(
        'update credential set name = ?, mode = ?, sealed = ?, updated_at = ?, limits = ?, last_test = null where id = ?',
      )
      .run(
        change.name ?? String(row.name),
        mode,
        this.seal(id, values),
        this.options.now(),
        change.limits ? textOf(change.limits) : textIn(row.limits),
        id,
      );
    this.tell(id);
    return this.get(id);
  }

  delete(id: string): void {
    this.row(id);
    this.options.db.prepare('delete from credential where id = ?').run(id);
    this.tell(id);
  }

  noteTest(id: string, result: CredentialTestResult): void {
    const text = JSON.stringify({ ...result, at: this.options.now() });
    this.options.db.prepare('update credential set last_test = ? where id = ?').run(text, id);
  }

  /** Tells when the values of a credential have changed, so that open connections end. */
  onChange(listener: (id: string) => void): void {
    this.listeners.add(listener);
  }

  /** Decrypted values for a step; rejects with a NodeError that says what is missing. */
  resolve = async (id: string): Promise<{ type: string; values: Values }> => {
    const row = this.options.db.prepare('select * from credential where id = ?').get(id);
    if (!row) {
      throw new NodeError({
        class: 'config',
        code: 'no-such-credential',
        message: `The credential "${id}" does not exist any more.`,
        remedy: 'Choose another credential in the node, or make one with this id.',
      });
    }
    const type = String(row.type);
    return { type, values: await this.usable(type, modeIn(row.mode), this.unseal(row), String(row.name)) };
  };

  /** Values to try before they are saved; blank secrets are lent by the saved credential `id`. */
  async trial(type: string, mode: CredentialMode, values: Values, id: string | undefined): Promise<Values> {
    const definition = this.definition(type);
    const saved = id !== undefined && this.has(id) ? this.unseal(this.row(id)) : {};
    return this.usable(type, mode, this.withSecrets(definition, values, saved), definition.title);
  }

  definition(type: string): CredentialDefinition {
    const definition = this.types.get(type);
    if (definition) return definition;
    throw new Fault({
      kind: 'bad-request',
      code: 'no-such-credential-type',
      message: `There is no kind of credential "${type}".`,
      remedy: `There are: ${[...this.types.keys()].sort().join(', ')}.`,
    });
  }

  private async usable(type: string, mode: CredentialMode, values: Values, name: string): Promise<Values> {
    if (mode === 'practice') {
      const practice = await this.options.practiceValues(type);
      if (practice) return practice;
      throw new NodeError({
        class: 'config',
        code: 'no-practice-service',
        message: `"${name}" is set to practice, but its practice service is not running.`,
        remedy: 'Switch the credential to the real account, or start the server with its practice services.',
      });
    }
    const parsed = this.definition(type).fields.safeParse(values);
    if (parsed.success) return parsed.data;
    throw new NodeError({
      class: 'config',
      code: 'credential-incomplete',
      message: `The credential "${name}" is not complete: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}.`,
      remedy: 'Open it under Credentials and fill in what is missing.',
    });
  }

  private check(definition: CredentialDefinition, mode: CredentialMode, values: Values): void {
    if (mode === 'practice') {
      if (definition.practice !== undefined) return;
      throw new Fault({
        kind: 'invalid',
        code: 'no-practice-service',
        message: `There is no practice service for ${definition.title}.`,
        remedy: 'Give the values of a real account.',
      });
    }
    const parsed = definition.fields.safeParse(values);
    if (parsed.success) return;
    throw new Fault({
      kind: 'invalid',
      code: 'credential-incomplete',
      message: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      remedy: 'Fill in what is missing.',
    });
  }

  private withSecrets(definition: CredentialDefinition, given: Values, saved: Values): Values {
    const values = { ...given };
    for (const name of secretFields(definition)) {
      const blank = values[name] === undefined || values[name] === null || values[name] === '';
      if (!blank) continue;
      if (saved[name] === undefined) delete values[name];
      else values[name] = saved[name];
    }
    return values;
  }

  private told(row: Record<string, unknown>): StoredCredential {
    const type = String(row.type);
    const definition = this.types.get(type);
    // Of a kind that is not known any more, nothing can be told to be no secret.
    const secrets = definition && secretFields(definition);
    const common = {
      id: String(row.id),
      name: String(row.name),
      type,
      mode: modeIn(row.mode),
      updatedAt: Number(row.updated_at),
      limits: JSON.parse(textIn(row.limits) ?? '{}') as CredentialLimits,
      ...(row.last_test === null ? {} : { lastTest: JSON.parse(String(row.last_test)) }),
    };
    try {
      const entries = Object.entries(this.unseal(row));
      return {
        ...common,
        values: Object.fromEntries(entries.filter(([name]) => secrets && !secrets.has(name))),
        filled: entries.flatMap(([name]) => (secrets?.has(name) ? name : [])),
      };
    } catch (error) {
      // One that cannot be read must not hide the others.
      if (!(error instanceof NodeError)) throw error;
      const { message, remedy } = error;
      return { ...common, values: {}, filled: [], lastTest: { ok: false, message, remedy, at: common.updatedAt } };
    }
  }

  private row(id: string): Record<string, unknown> {
    const row = this.options.db.prepare('select * from credential where id = ?').get(id);
    if (!row) throw notFound('credential', id);
    return row;
  }

  private seal(id: string, values: Values): Uint8Array {
    return this.options.cipher.encrypt(JSON.stringify(values), id);
  }

  private unseal(row: Record<string, unknown>): Values {
    try {
      return JSON.parse(this.options.cipher.decrypt(row.sealed as Uint8Array, String(row.id)));
    } catch (cause) {
      throw new NodeError({
        class: 'config',
        code: 'wrong-key',
        message: `The credential "${String(row.name)}" cannot be read: it was encrypted with another key.`,
        remedy:
          'Start with the key that it was made with (SLUICE_KEY, or the file "key"), or delete it and make it again.',
        cause,
      });
    }
  }

  private freeId(name: string): string {
    const slug = name
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 70);
    const base = slug || 'credential';
    for (let n = 1; ; n++) {
      const id = n === 1 ? base : `${base}-${n}`;
      if (!this.has(id)) return id;
    }
  }

  private tell(id: string): void {
    for (const listener of this.listeners) listener(id);
  }
}

function textOf(limits: CredentialLimits | undefined): string | null {
  return limits === undefined ? null : JSON.stringify(limits);
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function modeIn(value: unknown): CredentialMode {
  return value === 'practice' ? 'practice' : 'real';
}
