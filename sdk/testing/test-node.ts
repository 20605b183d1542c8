import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { effectOf } from '../../spec/workflow/effect.ts';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { describeNode } from '../describe.ts';
import type { NodeDefinition } from '../node.ts';
import { type RunOptions, type RunResult, runNode } from './run-node.ts';
import { testDeclaration } from './test-declaration.ts';

export interface TestNodeOptions<C = unknown> {
  /** What running the examples needs: a credential, a server's address in `params`, context overrides. Read when the tests run. */
  readonly setUp?: () => RunOptions<C> | Promise<RunOptions<C>>;
  /** Why the examples cannot be run here. Shown as the reason of the skipped tests. */
  readonly cannotRun?: string;
}

/**
 * The contract that every node keeps. Call it at the top of the node's test file, before its own tests:
 *
 * ```ts
 * testNode(setFields);
 * testNode(sqlInsert, { setUp: () => ({ credential: database.credential }) });
 * testNode(dbtRun, { cannotRun: 'needs dbt installed' });
 * ```
 *
 * Nodes of effect `none` run their examples as they are; all others need `setUp`, or say why not. An example with `output` must
 * give exactly these records by port (ports that are not named must stay empty).
 */
export function testNode<S extends z.ZodObject, C>(
  definition: NodeDefinition<S, C>,
  options: TestNodeOptions<C> = {},
): void {
  const node = definition as unknown as NodeDefinition;
  const setUp = async () => ((await options.setUp?.()) ?? {}) as RunOptions;
  describe(`${node.type} keeps the contract of nodes`, () => {
    testDeclaration(node, describeNode(node));
    testPorts(node);
    // A container's rounds are the engine's, whose tests run them.
    if (!node.container) describe('examples', () => testExamples(node, setUp, runnable(node, options)));
  });
}

function runnable<C>(node: NodeDefinition, options: TestNodeOptions<C>): string | undefined {
  if (options.cannotRun !== undefined) return options.cannotRun;
  if (node.effect === 'none' || options.setUp !== undefined) return undefined;
  return `its effect is ${typeof node.effect === 'string' ? node.effect : 'decided by parameters'} and the test gives no setUp`;
}

function testPorts(node: NodeDefinition): void {
  it('has ports with names of their own', () => {
    for (const ports of [node.inputs, node.outputs]) {
      const names = ports.map((port) => port.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('declares its effect', () => {
    const effect = effectOf(node.effect, node.examples[0]?.params ?? {});
    expect(['none', 'read', 'idempotent', 'once']).toContain(effect);
  });

  it('loads only what it has a loader for', () => {
    for (const [name, part] of Object.entries(describeNode(node).params.properties ?? {})) {
      if (part.ui?.load !== undefined) expect(Object.keys(node.load), name).toContain(part.ui.load);
    }
  });
}

function testExamples(node: NodeDefinition, setUp: () => Promise<RunOptions>, reason: string | undefined): void {
  const run = async (
    example: DataRecord,
    inputs: readonly DataRecord[] | undefined,
    more: Partial<RunOptions> = {},
  ) => {
    const given = await setUp();
    const params = { ...example, ...given.params };
    return runNode(node, { ...given, ...(inputs === undefined ? {} : { inputs }), ...more, params });
  };
  const test = (name: string, act: () => Promise<void>) => {
    it(reason === undefined ? name : `${name} (skipped: ${reason})`, { skip: reason !== undefined }, act);
  };

  for (const example of node.examples) {
    test(`${example.title}`, async () => {
      const result = await run(example.params, example.input);
      if (example.output !== undefined) expect(nonEmpty(result.ports)).toEqual(nonEmpty(example.output));
      expectPlainRecords(result);
      expectOrigins(node, result, example.input?.length ?? 1);
    });
  }

  const [first] = node.examples;
  if (first === undefined || node.inputs.length === 0) return;

  test('is fine with no records at all', async () => {
    const { ports } = await run(first.params, [], { mayFail: false });
    expect(nonEmpty(ports).rejected).toBeUndefined();
  });

  test('stops when it is told to', async () => {
    const told = AbortSignal.abort(new Error('told to stop'));
    const input = first.input?.length ? first.input : [{}];
    await expect(run(first.params, input, { signal: told })).rejects.toThrow();
  });

  for (const name of perRecordParams(node, first.params)) {
    test(`takes a template for ${name}`, async () => {
      const template = { [name]: '={{ $itemIndex < 0 ? null : $vars.value }}' };
      const given = await run({ ...first.params, ...template }, first.input, { vars: { value: first.params[name] } });
      if (first.output !== undefined) expect(nonEmpty(given.ports)).toEqual(nonEmpty(first.output));
    });
  }

  if (first.input !== undefined && first.input.length > 1 && first.output !== undefined) {
    test('gives the same of columns', async () => {
      const { ports } = await run(first.params, first.input, { asColumns: true });
      expect(nonEmpty(ports)).toEqual(nonEmpty(first.output ?? {}));
    });

    test('gives the same in batches of one', async () => {
      const { ports } = await run(first.params, first.input, { batchSize: 1 });
      expect(nonEmpty(ports)).toEqual(nonEmpty(first.output ?? {}));
    });
  }
}

/** Fixed parameters of the example that a form also takes as a template for each record. Those that make ports stay fixed. */
function perRecordParams(node: NodeDefinition, params: DataRecord): string[] {
  const { properties = {} } = describeNode(node).params;
  const forPorts = new Set(node.outputs.flatMap((port) => [port.each, port.when?.param]));
  return Object.keys(params).filter((name) => {
    const scope = properties[name]?.ui?.scope ?? 'record';
    return scope === 'record' && !forPorts.has(name) && !JSON.stringify(params[name]).includes('"=');
  });
}

function nonEmpty(ports: Readonly<Record<string, readonly DataRecord[]>>): Record<string, readonly DataRecord[]> {
  return Object.fromEntries(Object.entries(ports).filter(([, records]) => records.length > 0));
}

/** Records are JSON: what is kept in a file must come back the same. */
function expectPlainRecords(result: RunResult): void {
  for (const records of Object.values(result.ports)) expect(JSON.parse(JSON.stringify(records))).toStrictEqual(records);
  for (const rejected of result.ports.rejected ?? []) {
    expect(rejected._rejected).toMatchObject({
      code: expect.any(String),
      message: expect.any(String),
      remedy: expect.any(String),
    });
  }
}

function expectOrigins(node: NodeDefinition, result: RunResult, count: number): void {
  if (node.inputs.length !== 1) return;
  for (const origins of Object.values(result.origins)) {
    for (const origin of origins.flat()) if (origin !== undefined) expect(origin).toBeLessThan(count);
  }
}
