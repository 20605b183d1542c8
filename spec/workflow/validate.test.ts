import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemPages } from './problem-codes.ts';
import { codes, node, nodeTypes, only, problems, sketch, start } from './validate.fixtures.ts';
import { validate } from './validate.ts';

describe('a document that can run', () => {
  it('has no problems', () => {
    const document = sketch({
      nodes: [
        start,
        node('a', 'filter', { params: { conditions: { all: [{ left: '={{ $json.x }}', is: 'is-true' }] } } }),
        node('b'),
      ],
      edges: ['start -> a', 'a:dropped -> b', 'a -> b'],
      layout: { a: [1, 2] },
    });
    expect(problems(document)).toEqual([]);
  });

  it('is not changed by being judged', () => {
    const document = sketch({ nodes: [start, node('a', 'nope')], edges: ['start -> a', 'a -> start'] });
    const before = structuredClone(document);
    problems(document);
    expect(document).toEqual(before);
  });
});

describe('what is no document of this format', () => {
  it.each([
    [null, 'not-a-workflow'],
    ['text', 'not-a-workflow'],
    [{ nodes: [], connections: {} }, 'not-a-workflow'],
    [{ format: 'sluice/2' }, 'newer-format'],
    [{ format: 'other' }, 'wrong-format'],
  ])('%j is %s', (given, code) => {
    expect(codes(given)).toEqual([code]);
  });

  it('an n8n export is told how to come in', () => {
    expect(only({ nodes: [], connections: {} }).remedy).toContain('n8n');
  });
});

describe('malformed parts', () => {
  it('are named in plain words with their place, and the rest is judged too', () => {
    const document = sketch({
      name: '',
      nodes: [start, { ...node('a'), name: 7 }, { ...node('b'), retries: 3, retry: { attempts: 0 } }, 5],
      edges: ['start -> a', 'a -> b', 'b -> a', { from: 'a' }],
      layout: { a: 'here' },
    });
    const found = problems(document);
    expect(found.map(({ message }) => message)).toEqual([
      '"name" of the workflow is empty.',
      'The place of "a" must be a list, not the text "here".',
      '"name" of the node "a" must be a text, not the number 7.',
      '"attempts" in "retry" of the node "B" must be at least 1.',
      'The node "B" has no setting named "retries".',
      'Node 4 of the list must be an object, not the number 5.',
      '"to" of edge 4 of the list is missing.',
      'These nodes go round in a loop: a -> B -> a.',
    ]);
    expect(found[4]?.path).toEqual(['nodes', 2, 'retries']);
    expect(found.every(({ stage }) => stage === 'structure')).toBe(true);
  });

  it('suggest the setting that was meant', () => {
    expect(only(sketch({ nodes: [{ ...start, note: 'x' }] })).remedy).toBe('Did you mean "notes"?');
  });

  it('cannot exhaust the stack by depth', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i++) deep = [deep];
    const found = problems(
      sketch({
        nodes: [{ ...start, params: { deep } }],
        settings: { alerts: [{ on: ['failed'], via: 'no-op', params: { deep } }] },
      }),
    );
    expect(found.map(({ message }) => message)).toEqual([
      'The settings of the workflow are nested more than 100 levels deep.',
      'The settings of "START" are nested more than 100 levels deep.',
    ]);
  });
});

describe('structure', () => {
  it('a loop is told with its nodes in order', () => {
    const found = only(
      sketch({ nodes: [start, node('a'), node('b'), node('c')], edges: ['start -> a', 'a -> b', 'b -> c', 'c -> a'] }),
    );
    expect(found).toMatchObject({ code: 'cycle', stage: 'structure', nodeIds: ['a', 'b', 'c'] });
    expect(found?.message).toBe('These nodes go round in a loop: A -> B -> C -> A.');
  });

  it('a node that leads into itself, and every loop of several, are told', () => {
    const document = sketch({
      nodes: [start, node('a'), node('b')],
      edges: ['start -> a', 'a -> a', 'a -> b', 'b -> a'],
    });
    expect(problems(document).map(({ message }) => message)).toEqual([
      '"A" leads back into itself: A -> A.',
      'These nodes go round in a loop: A -> B -> A.',
    ]);
  });

  it('an id that is used twice', () => {
    const document = sketch({ nodes: [start, node('a'), { ...node('a'), name: 'Other' }], edges: ['start -> a'] });
    expect(only(document)).toMatchObject({
      code: 'duplicate-node-id',
      path: ['nodes', 2, 'id'],
      message: 'Two nodes have the id "a": "A" and "Other".',
    });
  });

  it('an edge to or from nowhere', () => {
    const document = sketch({ nodes: [start], edges: ['start -> gone', 'gone -> start'] });
    expect(
      problems(document)
        .filter(({ code }) => code === 'dangling-edge')
        .map(({ path }) => path),
    ).toEqual([
      ['edges', 0, 'to'],
      ['edges', 1, 'from'],
    ]);
  });

  it('containers that are missing, are none, are empty, hold each other or a trigger', () => {
    expect(codes(sketch({ nodes: [start, node('a', 'no-op', { parent: 'gone' })] }))).toEqual(['unknown-container']);
    expect(
      codes(sketch({ nodes: [start, node('a'), node('b', 'no-op', { parent: 'a' })], edges: ['start -> a'] })),
    ).toEqual(['not-a-container']);
    expect(codes(sketch({ nodes: [start, node('a', 'for-each')], edges: ['start -> a'] }))).toEqual([
      'empty-container',
    ]);
    expect(
      codes(
        sketch({ nodes: [start, node('a', 'for-each'), node('t', 'manual', { parent: 'a' })], edges: ['start -> a'] }),
      ),
    ).toEqual(['trigger-in-container']);
    const nested = sketch({
      nodes: [start, node('a', 'for-each', { parent: 'b' }), node('b', 'for-each', { parent: 'a' })],
    });
    expect(only(nested)).toMatchObject({ code: 'container-cycle', nodeIds: ['a', 'b'] });
    expect(codes(sketch({ nodes: [start, node('a', 'for-each', { parent: 'a' })] }))).toEqual(['container-cycle']);
  });

  it('an edge across the border of a container, and a loop inside one', () => {
    const nodes = [
      start,
      node('each', 'for-each'),
      node('in', 'no-op', { parent: 'each' }),
      node('in2', 'no-op', { parent: 'each' }),
      node('out'),
    ];
    const crossing = only(sketch({ nodes, edges: ['start -> each', 'each -> out', 'in -> in2', 'in2 -> out'] }));
    expect(crossing).toMatchObject({ code: 'edge-crosses-container', path: ['edges', 3] });
    expect(crossing?.message).toContain('"IN2" stands in "EACH"');
    const loop = only(sketch({ nodes, edges: ['start -> each', 'each -> out', 'in -> in2', 'in2 -> in'] }));
    expect(loop?.message).toBe('These nodes go round in a loop inside "EACH": IN -> IN2 -> IN.');
  });
});

describe('connections', () => {
  it('an unknown port, with the nearest one', () => {
    const params = { conditions: { all: [{ left: 1, is: 'is-true' }] } };
    const nodes = [start, node('a', 'filter', { params }), node('b')];
    expect(only(sketch({ nodes, edges: ['start -> a', 'a:droped -> b'] }))).toMatchObject({
      code: 'unknown-port',
      remedy: 'Did you mean "dropped"? It has "kept" or "dropped".',
      path: ['edges', 1, 'output'],
    });
    expect(codes(sketch({ nodes, edges: ['start -> a', 'a -> b:second'] }))).toEqual(['unknown-port']);
    expect(only(sketch({ nodes, edges: ['start -> a', 'a:error -> b'] })).remedy).toContain('On error');
    const branch = [start, node('a', 'filter', { params, onError: 'branch' }), node('b')];
    expect(codes(sketch({ nodes: branch, edges: ['start -> a', 'a:error -> b'] }))).toEqual([]);
    expect(codes(sketch({ nodes: [start, node('s', 'stop'), node('b')], edges: ['start -> s', 's -> b'] }))).toEqual([
      'unknown-port',
    ]);
  });

  it('an edge into a trigger, an edge twice, two edges into an input that takes one', () => {
    expect(codes(sketch({ nodes: [start, node('t', 'manual')], edges: ['start -> t'] }))).toEqual([
      'edge-into-trigger',
    ]);
    expect(codes(sketch({ nodes: [start, node('a')], edges: ['start -> a', 'start:records -> a:input'] }))).toEqual([
      'duplicate-edge',
    ]);
    const join = sketch({
      nodes: [start, node('a'), node('j', 'join')],
      edges: ['start -> a', 'start -> j:left', 'a -> j'],
    });
    const [twice, empty] = problems(join);
    expect(twice).toMatchObject({ code: 'two-writers', nodeIds: ['j', 'start', 'a'] });
    expect(empty).toMatchObject({
      code: 'missing-input',
      nodeIds: ['j'],
      message: 'Nothing is connected to the input "right" of "J".',
    });
  });

  it('nodes that nothing leads to are told once for all that hang together', () => {
    const document = sketch({ nodes: [start, node('b'), node('a'), node('lone')], edges: ['a -> b'] });
    expect(problems(document)).toMatchObject([
      { code: 'unreachable-node', nodeIds: ['a', 'b'] },
      { code: 'unreachable-node', nodeIds: ['lone'] },
    ]);
    const container = sketch({ nodes: [start, node('e', 'for-each'), node('in', 'no-op', { parent: 'e' })] });
    expect(only(container)).toMatchObject({ code: 'unreachable-node', nodeIds: ['e'] });
    expect(codes(sketch({ nodes: [start, node('off', 'no-op', { disabled: true })] }))).toEqual([]);
  });

  it('a workflow that nothing starts', () => {
    expect(codes(sketch({ nodes: [] }))).toEqual(['no-trigger']);
    expect(codes(sketch({ nodes: [node('a'), node('b')] }))).toEqual(['no-trigger']);
    const disabled = sketch({ nodes: [{ ...start, disabled: true }, node('a')], edges: ['start -> a'] });
    expect(only(disabled)).toMatchObject({ code: 'no-trigger', nodeIds: ['start'] });
  });
});

it('judges any junk without throwing, in words fit for a person', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const types = fc.constantFrom('manual', 'no-op', 'join', 'for-each', 'switch', 'set-fields', 'nope', '');
  const anyNode = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record(
        {
          id,
          type: types,
          version: fc.constant(1),
          name: fc.string({ maxLength: 3 }),
          params: fc.object(),
          parent: id,
        },
        { requiredKeys: ['id', 'type'] },
      ),
    },
    { weight: 1, arbitrary: fc.anything() },
  );
  const anyEdge = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record(
        { from: id, to: id, output: fc.constantFrom('records', 'x', '') },
        { requiredKeys: ['from', 'to'] },
      ),
    },
    { weight: 1, arbitrary: fc.anything() },
  );
  expect(validate(sketch({ edges: [Number.NaN as never] }), nodeTypes).map((found) => found.message)).toContainEqual(
    'Edge 1 of the list must be an object, not a number that JSON cannot hold.',
  );
  const lists = [fc.array(anyNode, { maxLength: 8 }), fc.array(anyEdge, { maxLength: 10 })] as const;
  fc.assert(
    fc.property(...lists, fc.anything(), (nodes, edges, settings) => {
      for (const found of validate({ ...sketch({ nodes, edges }), settings }, nodeTypes)) {
        expect(problemPages).toHaveProperty(found.code);
        expect(`${found.message} ${found.remedy}`).not.toMatch(/undefined|\[object|NaN/);
      }
    }),
    { numRuns: 1_000 },
  );
});
