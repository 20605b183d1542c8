import { describeSchema } from '../../sdk/describe.ts';
import type { CredentialDefinition } from '../../sdk/index.ts';
import type { CredentialType } from '../../spec/api/credential.ts';
import type { JsonSchema } from '../../spec/workflow/node-type.ts';

/** A kind of account as the API shows it. */
export function describeCredential(definition: CredentialDefinition): CredentialType {
  return {
    type: definition.type,
    title: definition.title,
    connector: definition.connector,
    practice: definition.practice !== undefined,
    fields: describeSchema(definition.fields),
  };
}

/** Names of the fields whose values never leave the server. */
export function secretFields(definition: CredentialDefinition): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (schema: JsonSchema) => {
    for (const [name, property] of Object.entries(schema.properties ?? {})) if (property.ui?.secret) names.add(name);
    for (const branch of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...allOf(schema)]) visit(branch);
  };
  visit(describeSchema(definition.fields));
  return names;
}

function allOf(schema: JsonSchema): readonly JsonSchema[] {
  return Array.isArray(schema.allOf) ? (schema.allOf as JsonSchema[]) : [];
}
