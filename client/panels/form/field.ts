import type { FieldUi, JsonSchema } from '../../../spec/workflow/node-type.ts';
import type { FieldPath } from './FormContext.tsx';

/** What every kind of field is given. */
export interface FieldProps {
  readonly schema: JsonSchema;
  readonly ui: FieldUi;
  /** Below `params`. */
  readonly path: FieldPath;
  readonly required: boolean;
  readonly value: unknown;
  /** `undefined` takes the value away, so that the default counts. */
  readonly onChange: (value: unknown) => void;
  /** Values of the fields beside it, for dropdowns that depend on them. */
  readonly siblings: Readonly<Record<string, unknown>>;
}

/** The field's hints; a property without any is edited as JSON, so that nothing is out of reach. */
export function uiOf(name: string, schema: JsonSchema): FieldUi {
  return schema.ui ?? { kind: 'json', label: name };
}

export function isShown(
  ui: FieldUi,
  siblings: Readonly<Record<string, unknown>>,
  schemas: Readonly<Record<string, JsonSchema>>,
): boolean {
  if (!ui.showWhen) return true;
  const { param, is } = ui.showWhen;
  return is.includes(siblings[param] ?? schemas[param]?.default);
}

/** How a value is given: as it stands, or worked out from the data. */
export type Mode = 'fixed' | 'columns' | 'formula';

const plainKinds = new Set([
  'conditions',
  'key-values',
  'column-map',
  'renames',
  'list',
  'group',
  'cron',
  'code',
  'field-names',
  'field-name',
]);

/** Ways in which a field can be given; only the first for those whose parts are fields themselves. */
export function modesOf(ui: FieldUi): readonly Mode[] {
  if (ui.scope === 'literal' || ui.secret || plainKinds.has(ui.kind)) return ['fixed'];
  if (ui.kind === 'text' || ui.kind === 'long-text') return ['columns', 'formula'];
  return ['fixed', 'columns', 'formula'];
}
