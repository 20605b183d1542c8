import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startRules, type Workflow } from './document.ts';
import { canonicalText, parseWorkflow, printWorkflow } from './print.ts';

const json = fc.jsonValue({ maxDepth: 3 }).map(withoutOddities);

/** JSON cannot say -0, and zod drops a field named __proto__. */
function withoutOddities(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto'));
}

const slug = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
const params = fc.dictionary(fc.string({ maxLength: 10 }), json, { maxKeys: 5 }).map(withoutOddities);
const at = fc.tuple(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
);

const workflow = fc.record(
  {
    format: fc.constant('sluice/1'),
    id: slug,
    name,
    description: name,
    settings: fc.record({ timezone: name, maxParallelRuns: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: [] }),
    nodes: fc.array(
      fc.record(
        {
          id: slug,
          type: name,
          version: fc.integer({ min: 1, max: 9 }),
          name,
          params,
          credential: name,
          parent: slug,
          start: fc.constantFrom(...startRules),
          retry: fc.constant({ attempts: 3, backoff: 'fixed', delay: '1s', maxDelay: '5m' }),
          disabled: fc.boolean(),
          notes: name,
        },
        { requiredKeys: ['id', 'type', 'version', 'name', 'params'] },
      ),
      { maxLength: 6 },
    ),
    edges: fc.array(fc.record({ from: slug, output: name, to: slug, input: name }, { requiredKeys: ['from', 'to'] }), {
      maxLength: 6,
    }),
    layout: fc.dictionary(slug, at, { maxKeys: 5 }),
    stickies: fc.array(fc.record({ id: slug, text: name, at }), { maxLength: 3 }),
  },
  { requiredKeys: ['format', 'id', 'name', 'settings', 'nodes', 'edges', 'layout', 'stickies'] },
) as fc.Arbitrary<Workflow>;

function reread(text: string): Workflow {
  const read = parseWorkflow(text);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.document;
}

function message(text: string): string | undefined {
  const read = parseWorkflow(text);
  return 'problems' in read ? read.problems[0]?.message : undefined;
}

describe('printing', () => {
  it('loses nothing, and always prints the same document in the same way', () => {
    fc.assert(
      fc.property(workflow, (document) => {
        const text = printWorkflow(document);
        const again = reread(text);
        expect(again).toEqual(JSON.parse(JSON.stringify(document)));
        expect(printWorkflow(again)).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)));
      }),
      { numRuns: 300 },
    );
  });

  it('depends neither on the order of the document keys nor of the layout, and keeps that of parameters', () => {
    const document = reread(
      '{"layout":{"b":[1,1],"a":[0,0]},"nodes":[{"params":{"z":1,"a":2},"name":"A","type":"t","id":"a"},{"name":"B","type":"t","id":"b"}],"name":"N","id":"n","format":"sluice/1"}',
    );
    expect(printWorkflow(document)).toBe(`{
  "format": "sluice/1",
  "id": "n",
  "name": "N",
  "settings": {},
  "nodes": [
    {
      "id": "a", "type": "t", "version": 1, "name": "A",
      "params": { "z": 1, "a": 2 }
    },
    {
      "id": "b", "type": "t", "version": 1, "name": "B",
      "params": {}
    }
  ],
  "edges": [],
  "layout": {
    "a": [0, 0],
    "b": [1, 1]
  },
  "stickies": []
}
`);
  });

  it('changes one line when a node is moved, and two when an edge is added at the end', () => {
    const document = reread(
      '{"format":"sluice/1","id":"n","name":"N","nodes":[{"id":"a","type":"t","name":"A"},{"id":"b","type":"t","name":"B"}],"edges":[{"from":"a","to":"b"}],"layout":{"a":[0,0],"b":[1,1]}}',
    );
    const before = printWorkflow(document).split('\n');
    const moved = printWorkflow({ ...document, layout: { ...document.layout, a: [5, 5] } }).split('\n');
    expect(moved.filter((line) => !before.includes(line))).toEqual(['    "a": [5, 5],']);
    const joined = printWorkflow({ ...document, edges: [...document.edges, { from: 'b', to: 'a' }] }).split('\n');
    expect(joined.filter((line) => !before.includes(line))).toHaveLength(2);
  });

  it('gives what a run depends on, for the version hash', () => {
    const document = reread(
      '{"format":"sluice/1","id":"n","name":"N","nodes":[{"id":"a","type":"t","name":"A","notes":"x","disabled":false}],"layout":{"a":[0,0]}}',
    );
    const [first] = document.nodes;
    const tidied = {
      ...document,
      description: 'new',
      layout: {},
      stickies: [{ id: 's', text: 'x', at: [0, 0] as [number, number] }],
    };
    expect(canonicalText(tidied)).toBe(canonicalText(document));
    expect(canonicalText({ ...document, nodes: first ? [{ ...first, notes: 'y' }] : [] })).toBe(
      canonicalText(document),
    );
    expect(canonicalText({ ...document, nodes: first ? [{ ...first, params: { x: 1 } }] : [] })).not.toBe(
      canonicalText(document),
    );
  });
});

describe('reading', () => {
  it.each([
    ['', 'line 1, column 1, the file is empty'],
    ['{\n  "a": 1,\n}', 'line 3, column 1, a comma before the closing }'],
    ['{ "a": 1 "b": 2 }', 'column 10, a comma or } was expected here'],
    ['{ "a": [1, 2', 'the [ of line 1 is not closed'],
    ["{ 'a': 1 }", 'a name in double quotes was expected'],
    ['{ "a": yes }', 'yes is not a value'],
    ['{ "a": "x\n" }', 'a text is not closed on its line'],
    ['{ "a": "\\x" }', '\\x has no meaning in a text'],
    ['{ "a": 1 } x', 'more text after the end'],
    ['{ "a": 1, "b": 2, "a": 3 }', 'the name "a" is there twice'],
    ['{\n<<<<<<< main\n"a": 1', 'line 2, column 1, the marks of an unfinished Git merge'],
    ['{ "a": 1 // why\n}', 'a comma or } was expected'],
  ])('%j is told with its place', (text, words) => {
    expect(message(text)).toContain(words);
  });

  it('finds a fault exactly where JSON.parse does', () => {
    const broken = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 })).map(([text, cut, more]) => {
      const place = cut % (text.length + 1);
      return text.slice(0, place) + more + text.slice(place + 1);
    });
    fc.assert(
      fc.property(fc.oneof(broken, fc.string()), (text) => {
        const parses = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        const found = message(text);
        const isSyntax = found?.startsWith('This is not JSON') === true && !found.includes('there twice');
        expect(isSyntax).toBe(!parses);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes a byte order mark, Windows line ends, and any depth without running out of stack', () => {
    expect(reread('\ufeff{"format":"sluice/1",\r\n"id":"n","name":"N"}').nodes).toEqual([]);
    expect(message(`{"format":"sluice/1","id":"n","name":"N","nodes":[${'['.repeat(200_000)}`)).toContain(
      'the text stops before its end',
    );
  });
});
