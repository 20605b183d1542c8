import { z } from 'zod';
import type { JsonSchema, NodeType } from '../spec/workflow/node-type.ts';
import type { CredentialDefinition } from './credential.ts';
import type { NodeDefinition } from './node.ts';
import { uiOf } from './schema.ts';
import type { TriggerDefinition } from './trigger.ts';

/** What a node or trigger says of itself as plain JSON, for `GET /node-types`. The same definition always gives the same text. */
export function describeNode(definition: NodeDefinition | TriggerDefinition): NodeType {
  return isTrigger(definition) ? describeTrigger(definition) : describeAction(definition);
}

function isTrigger(definition: NodeDefinition | TriggerDefinition): definition is TriggerDefinition {
  return 'source' in definition;
}

/** JSON Schema of what a person fills in, each field with its form hints under `ui`. */
export function describeSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...printed } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return printed as JsonSchema;
}

function describeAction(definition: NodeDefinition): NodeType {
  return {
    ...common(definition),
    kind: definition.container ? 'container' : 'action',
    category: definition.category,
    inputs: definition.inputs,
    outputs: definition.outputs,
    effect: definition.effect,
    ...(definition.verify === undefined ? {} : { verify: { needs: definition.verify.needs ?? [] } }),
    preview: definition.preview !== undefined,
  };
}

function describeTrigger(definition: TriggerDefinition): NodeType {
  return {
    ...common(definition),
    kind: 'trigger',
    category: 'trigger',
    inputs: [],
    outputs: [{ name: 'records', fires: 'always' }],
    effect: 'none',
    preview: false,
  };
}

function common(definition: NodeDefinition | TriggerDefinition) {
  return {
    type: definition.type,
    version: definition.version,
    title: definition.title,
    summary: definition.summary,
    ...(definition.description === undefined ? {} : { description: definition.description }),
    connector: definition.connector,
    keywords: definition.keywords,
    credentials: credentialTypes(definition.credential),
    ...(definition.credentialOptional === undefined ? {} : { credentialOptional: definition.credentialOptional }),
    params: describeSchema(definition.params),
    loads: loadedParams(definition.params),
    examples: definition.examples,
  };
}

function credentialTypes(credential: CredentialDefinition | readonly CredentialDefinition[] | undefined): string[] {
  if (credential === undefined) return [];
  return [credential].flat().map((one) => (one as CredentialDefinition).type);
}

function loadedParams(params: z.ZodObject): string[] {
  const shape = params.shape as Readonly<Record<string, z.ZodType>>;
  return Object.keys(shape).filter((name) => uiOf(shape[name] as z.ZodType)?.load !== undefined);
}
