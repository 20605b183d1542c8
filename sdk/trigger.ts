import type { z } from 'zod';
import type { NodeExample } from '../spec/workflow/node-type.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import type { NodeContext } from './context.ts';
import type { CredentialDefinition } from './credential.ts';

/** What wakes a workflow. The server has one runtime for each kind. */
export type TriggerSource<C = unknown> =
  | { readonly kind: 'manual'; readonly records: readonly DataRecord[] }
  | {
      readonly kind: 'schedule';
      /** One of the two. `every` in milliseconds. */
      readonly cron?: string;
      readonly every?: number;
      readonly timezone?: string;
      readonly catchUp: 'all' | 'latest' | 'skip';
    }
  | {
      readonly kind: 'webhook';
      /** Below `/hooks/`; `:name` segments become `params`. */
      readonly path: string;
      readonly methods: readonly string[];
      readonly respond: 'immediately' | 'when-finished' | 'by-node';
      /** Milliseconds that a caller is let wait for the answer. */
      readonly answerWithin: number;
      readonly auth: 'none' | 'token' | 'basic' | 'hmac';
      /** Bytes. */
      readonly maxBody: number;
    }
  | {
      readonly kind: 'poll';
      /** Milliseconds. */
      readonly every: number;
      /** Reads on from `cursor`; the new cursor counts only once the run that got the records has succeeded. */
      readonly poll: (
        cursor: unknown,
        ctx: NodeContext<C>,
      ) => Promise<{ records: readonly DataRecord[]; cursor: unknown }>;
    };

export interface TriggerDefinition<S extends z.ZodObject = z.ZodObject, C = unknown> {
  readonly type: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
  readonly connector: string;
  readonly keywords: readonly string[];
  readonly credential?: CredentialDefinition | readonly CredentialDefinition[];
  readonly credentialOptional?: boolean;
  readonly params: S;
  readonly upgrades: Readonly<Record<number, (params: DataRecord) => DataRecord>>;
  readonly examples: readonly NodeExample[];
  readonly source: (params: z.output<S>) => TriggerSource<C>;
}

export interface TriggerDeclaration<S extends z.ZodObject, C>
  extends Omit<TriggerDefinition<S, C>, 'keywords' | 'upgrades' | 'examples' | 'credential'> {
  readonly keywords?: readonly string[];
  readonly credential?: CredentialDefinition<C> | readonly CredentialDefinition<C>[];
  readonly upgrades?: TriggerDefinition['upgrades'];
  readonly examples?: readonly NodeExample[];
}

/** Declares a trigger. Its one output is `records`; it has no input. */
export function defineTrigger<S extends z.ZodObject, C = unknown>(
  declaration: TriggerDeclaration<S, C>,
): TriggerDefinition<S, C> {
  return {
    ...declaration,
    keywords: declaration.keywords ?? [],
    upgrades: declaration.upgrades ?? {},
    examples: declaration.examples ?? [],
  } as TriggerDefinition<S, C>;
}
