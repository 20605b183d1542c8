import type { CredentialType } from '../../spec/api/credential.ts';
import type { FieldUi, JsonSchema } from '../../spec/workflow/node-type.ts';

/** The form of a kind of account, read from its JSON Schema. */
export interface CredentialField {
  readonly name: string;
  readonly ui: FieldUi;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

export type CredentialValues = Readonly<Record<string, unknown>>;

export function fieldsOf({ fields }: CredentialType): CredentialField[] {
  const required = new Set(fields.required ?? []);
  return Object.entries(fields.properties ?? {}).map(([name, schema]) => ({
    name,
    schema,
    ui: schema.ui ?? { kind: 'text', label: name },
    required: required.has(name),
  }));
}

/** A field's value, or what holds when none is given. */
export function fieldValue({ name, schema }: CredentialField, values: CredentialValues): unknown {
  return values[name] ?? schema.default;
}

/** The fields that the other values ask for. */
export function shownFields(fields: readonly CredentialField[], values: CredentialValues): CredentialField[] {
  return fields.filter(({ ui }) => {
    if (!ui.showWhen) return true;
    const other = fields.find(({ name }) => name === ui.showWhen?.param);
    return ui.showWhen.is.includes(other ? fieldValue(other, values) : values[ui.showWhen.param]);
  });
}

/** What one way of signing in asks for is needed once that way is chosen, though the schema cannot say so. */
export function isNeeded({ required, ui }: CredentialField): boolean {
  return required || (ui.showWhen !== undefined && ui.secret === true);
}

/** What is missing, by field. Secrets that are kept on the server count as given. */
export function missingIn(
  fields: readonly CredentialField[],
  values: CredentialValues,
  kept: ReadonlySet<string>,
): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const field of shownFields(fields, values)) {
    const { name, ui } = field;
    if (isNeeded(field) && isBlank(fieldValue(field, values)) && !kept.has(name))
      missing[name] = `Fill in: ${ui.label}`;
  }
  return missing;
}

/** What is sent: no blanks, and nothing of fields that are not shown. */
export function sentValues(fields: readonly CredentialField[], values: CredentialValues): Record<string, unknown> {
  return Object.fromEntries(
    shownFields(fields, values).flatMap((field) => {
      const value = fieldValue(field, values);
      return isBlank(value) ? [] : [[field.name, value]];
    }),
  );
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
