import type { AxiosInstance } from 'axios';
import type { z } from 'zod';
import type { Egress, Files } from './context.ts';

export type CredentialValues = Record<string, unknown>;

/** What `test` may touch of the world. */
export interface CredentialTestContext {
  readonly http: AxiosInstance;
  readonly egress: Egress;
  /** For accounts that are a file of the file area. */
  readonly files: Files;
  readonly signal: AbortSignal;
}

/** A kind of account: its form, and how to try it. `V` is the type of its values. */
export interface CredentialDefinition<V = CredentialValues> {
  /** Such as `salesforce` or `postgres`; documents never name it, credentials do. */
  readonly type: string;
  readonly title: string;
  readonly connector: string;
  /** Form and check; secret fields carry `secret: true` in their ui. */
  readonly fields: z.ZodType<V>;
  /** Name of the practice service that can stand in for the real one. */
  readonly practice?: string;
  /** Connects for real; resolves to what a person wants to see ("Connected to ... as ..."), rejects with a NodeError. */
  test(values: V, ctx: CredentialTestContext): Promise<{ message: string }>;
}

export function defineCredential<V>(definition: CredentialDefinition<V>): CredentialDefinition<V> {
  return definition;
}
