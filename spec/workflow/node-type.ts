import type { DataRecord } from './record.ts';

/**
 * What a node type says of itself, as plain JSON: made from `defineNode`/`defineTrigger` by the sdk, served by
 * `GET /node-types`, read by `validate()`, the palette and the forms. No connector code is in it.
 */
export interface NodeType {
  readonly type: string;
  readonly version: number;
  readonly kind: 'trigger' | 'action' | 'container';
  readonly category: 'trigger' | 'flow' | 'data' | 'connector';
  readonly title: string;
  /** The card's one line; `{param}` stands for a parameter's value. */
  readonly summary: string;
  readonly description?: string;
  /** Folder name of its connector, such as `salesforce`; decides the icon. */
  readonly connector: string;
  readonly keywords: readonly string[];
  /** Credential types it can connect with; none needed if empty. */
  readonly credentials: readonly string[];
  readonly credentialOptional?: boolean;
  /** JSON Schema of the parameters; each property carries its `FieldUi` under `ui`. */
  readonly params: JsonSchema;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  /** Rules where the parameters decide it, such as an HTTP method; read by `effectOf`. */
  readonly effect: Effect | readonly EffectRule[];
  /** It can ask its service whether a call took effect, once one of these parameters is filled in (at once, if none is named). */
  readonly verify?: { readonly needs: readonly string[] };
  /** Parameters whose dropdown is loaded from the service. */
  readonly loads: readonly string[];
  readonly preview: boolean;
  readonly examples: readonly NodeExample[];
}

/** none: pure. read: reads the outside. idempotent: may be repeated with the same key. once: must never be repeated blindly. */
export type Effect = 'none' | 'read' | 'idempotent' | 'once';

/** Holds when each named parameter has one of its values; without `when` always. The first that holds counts. */
export interface EffectRule {
  readonly when?: Readonly<Record<string, readonly unknown[]>>;
  readonly effect: Effect;
}

export interface NodeExample {
  readonly title: string;
  readonly params: DataRecord;
  readonly input?: readonly DataRecord[];
  /** Records expected by port; checked by the contract tests. */
  readonly output?: Readonly<Record<string, readonly DataRecord[]>>;
}

export interface InputPort {
  readonly name: string;
  readonly label?: string;
  /** Takes several edges, whose records are appended in edge order. A port that does not is written by one edge only. */
  readonly many: boolean;
  /** Of several inputs, one that may stay without an edge. */
  readonly optional?: boolean;
}

/**
 * An output port, or one for each entry of a list parameter (`switch`: `{ each: 'cases' }` makes a port for each case's `name`).
 * `fires`: `always` starts what hangs on it also with no record; `with-records` skips it then (routes such as `true`/`false`, `rejected`).
 * `when`: the port exists only if the parameter is set (`{ param }`), or has one of the values.
 */
export interface OutputPort {
  readonly name: string;
  readonly label?: string;
  readonly each?: string;
  readonly fires: 'always' | 'with-records';
  /** Records here that no edge takes make the run end failed, so that nothing is lost in silence (`rejected`). */
  readonly mustBeTaken?: boolean;
  readonly when?: { readonly param: string; readonly is?: readonly unknown[]; readonly not?: boolean };
}

/** How a form shows a parameter, and how the engine reads it. */
export interface FieldUi {
  readonly kind: FieldKind;
  readonly label: string;
  readonly help?: string;
  readonly placeholder?: string;
  /**
   * `record` (default): evaluated for each record. `step`: evaluated once a step, so `$json` cannot be read.
   * `literal`: never a template. `own`: the node evaluates it itself.
   */
  readonly scope?: 'record' | 'step' | 'literal' | 'own';
  /** Name of the loader that fills the dropdown. */
  readonly load?: string;
  /** Parameters the loader needs first; the dropdown reloads when one changes. */
  readonly dependsOn?: readonly string[];
  readonly options?: readonly { readonly value: string; readonly label: string; readonly help?: string }[];
  /** Shown only if another parameter has one of these values. */
  readonly showWhen?: { readonly param: string; readonly is: readonly unknown[] };
  /** Must be filled in whenever it is shown. For a parameter that is always there, the JSON Schema's `required` says so. */
  readonly required?: boolean;
  /** A text that is a regular expression. */
  readonly pattern?: boolean;
  /** An SQL text whose tables are the outputs of earlier steps, by id or name. */
  readonly tables?: 'steps';
  readonly language?: 'sql' | 'javascript' | 'json' | 'html' | 'text';
  /** In the fold "More options". */
  readonly advanced?: boolean;
  readonly secret?: boolean;
}

export type FieldKind =
  | 'text'
  | 'long-text'
  | 'number'
  | 'switch'
  | 'choice'
  | 'choices'
  | 'duration'
  | 'date-time'
  | 'cron'
  | 'code'
  | 'json'
  | 'conditions'
  /** `{ name: value }` with free names: set-fields, headers, query. */
  | 'key-values'
  /** `{ targetColumn: value }` with columns loaded from the target. */
  | 'column-map'
  /** `{ old: new }` over the incoming columns. */
  | 'renames'
  /** One incoming column's name. */
  | 'field-name'
  /** Several incoming columns' names. */
  | 'field-names'
  /** A list of objects, each with its own fields. */
  | 'list'
  /** An object with its own fields. */
  | 'group';

/** The part of JSON Schema (draft 2020-12) that zod prints. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | boolean;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly ui?: FieldUi;
  readonly [keyword: string]: unknown;
}

/** The ports that this node really has, with its parameters; `error` last when its errors take a branch. */
export function outputsOf(
  type: Pick<NodeType, 'outputs'>,
  node: { params: DataRecord; onError?: string | undefined },
): OutputPort[] {
  const ports: OutputPort[] = [];
  for (const port of type.outputs) {
    if (port.when && !holds(port.when, node.params)) continue;
    if (port.each === undefined) {
      ports.push(port);
      continue;
    }
    const entries = node.params[port.each];
    if (!Array.isArray(entries)) continue;
    for (const entry of entries) {
      const name = typeof entry === 'object' && entry !== null ? (entry as DataRecord).name : undefined;
      if (typeof name === 'string' && name !== '') ports.push({ name, label: name, fires: port.fires });
    }
  }
  if (node.onError === 'branch') ports.push({ name: 'error', label: 'error', fires: 'with-records' });
  return ports;
}

function holds(when: NonNullable<OutputPort['when']>, params: DataRecord): boolean {
  const value = params[when.param];
  const present = when.is ? when.is.includes(value) : value !== undefined && value !== null && value !== '';
  return when.not ? !present : present;
}
