import { expect, it } from 'vitest';
import type { FieldUi, JsonSchema, NodeType } from '../../spec/workflow/node-type.ts';
import { describeNode } from '../describe.ts';
import type { NodeDefinition } from '../node.ts';
import type { TriggerDefinition } from '../trigger.ts';

/** What every node and trigger must say of itself. */
export function testDeclaration(node: NodeDefinition | TriggerDefinition, type: NodeType): void {
  it('has a type, a title and a summary that a person can read', () => {
    expect(node.type).toMatch(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?$/);
    expect(node.title).toMatch(/^[A-Z]/);
    expect(node.title.length).toBeLessThan(40);
    expect(node.summary).not.toBe('');
    expect(node.connector).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(Number.isInteger(node.version) && node.version >= 1).toBe(true);
  });

  it('can be found by what people call it', () => {
    expect(node.keywords.length).toBeGreaterThan(0);
    for (const word of node.keywords) expect(word).toBe(word.trim().toLowerCase());
  });

  it('names only parameters that exist in its summary, its ports and its forms', () => {
    const params = new Set(Object.keys(type.params.properties ?? {}));
    for (const [, name] of node.summary.matchAll(/\{(\w+)\}/g)) expect(params).toContain(name);
    for (const port of type.outputs) {
      if (port.each !== undefined) expect(params).toContain(port.each);
      if (port.when !== undefined) expect(params).toContain(port.when.param);
    }
    for (const [name, part] of Object.entries(type.params.properties ?? {})) {
      for (const other of [...(part.ui?.dependsOn ?? []), ...(part.ui?.showWhen ? [part.ui.showWhen.param] : [])]) {
        expect(params, `${name} depends on ${other}`).toContain(other);
      }
    }
  });

  it('prints its parameters as JSON Schema, each with a label for the form', () => {
    expect(JSON.parse(JSON.stringify(type))).toEqual(JSON.parse(JSON.stringify(describeNode(node))));
    for (const [path, ui] of fieldsOf(type.params)) {
      expect(ui?.label, `label of ${path}`).toMatch(/^\S/);
      expect(ui?.kind, `kind of ${path}`).toBeTruthy();
    }
  });

  it('has an example', () => {
    expect(node.examples.length).toBeGreaterThan(0);
    for (const example of node.examples) expect(example.title).not.toBe('');
  });

  it('upgrades the parameters of every earlier version', () => {
    const from = Object.keys(node.upgrades)
      .map(Number)
      .sort((a, b) => a - b);
    expect(from).toEqual(Array.from({ length: node.version - 1 }, (_, i) => i + 1));
  });
}

/** Fields of a form, also those inside groups and lists. Values with free names have no fields of their own. */
function fieldsOf(schema: JsonSchema, path = ''): [path: string, ui: FieldUi | undefined][] {
  const fields: [string, FieldUi | undefined][] = [];
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    fields.push([at, part.ui]);
    const { kind } = part.ui ?? {};
    if (kind === 'group') fields.push(...fieldsOf(part, at));
    if (kind === 'list' && typeof part.items === 'object') fields.push(...fieldsOf(part.items, at));
  }
  return fields;
}
