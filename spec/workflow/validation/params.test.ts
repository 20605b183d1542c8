import { describe, expect, it } from 'vitest';
import { codes, node, only, problems, sketch, start } from '../validate.fixtures.ts';

describe('types and settings', () => {
  const params = (given: Record<string, unknown>, type = 'set-fields') =>
    sketch({ nodes: [start, node('a', type, { params: given })], edges: ['start -> a'] });
  const one = (given: Record<string, unknown>) => only(params({ fields: {}, ...given }));

  it('an unknown type, with the nearest one, and versions that are not there', () => {
    expect(only(params({}, 'set-field'))).toMatchObject({ code: 'unknown-type', remedy: 'Did you mean "set-fields"?' });
    const versions = [1, 3].map((version) => node(`v${version}`, 'sql.query', { version, params: { sql: 'x' } }));
    const found = problems(sketch({ nodes: [start, ...versions], edges: ['start -> v1', 'start -> v3'] }));
    expect(found.map(({ code }) => code)).toEqual(['unknown-version', 'unknown-version']);
    expect(found[1]?.remedy).toContain('Update');
  });

  it('disabled nodes are not looked at', () => {
    const off = node('a', 'nope', { disabled: true, params: { x: '={{' } });
    expect(codes(sketch({ nodes: [start, off], edges: ['start -> a:x', 'a:y -> b'] }))).toEqual(['dangling-edge']);
  });

  it.each([
    [{ fields: undefined }, 'missing-parameter', '"Fields" of "A" is missing.'],
    [{ keep: 'some' }, 'bad-parameter', '"Keep" of "A" cannot be the text "some".'],
    [{ batch: 'many' }, 'bad-parameter', '"Batch size" of "A" must be a whole number, not the text "many".'],
    [{ batch: 201 }, 'bad-parameter', '"Batch size" of "A" must be at most 200, not 201.'],
    [{ wait: 'soon' }, 'bad-parameter', '"Wait" of "A" cannot be the text "soon".'],
    [{ bacth: 1 }, 'unknown-parameter', 'There is no setting "bacth" of "A".'],
    [
      { rows: [{ column: 'x' }, { column: '' }] },
      'missing-parameter',
      '"Column" in entry 2 of "Rows" of "A" is empty.',
    ],
    [
      { rows: [{ column: 'x', more: 1 }] },
      'unknown-parameter',
      'There is no setting "more" in entry 1 of "Rows" of "A".',
    ],
    [{ body: { kind: 'text' } }, 'missing-parameter', '"Text" of "Body" of "A" is missing.'],
    [{ body: { kind: 'text', text: [] } }, 'bad-parameter', '"Text" of "Body" of "A" must be a text, not a list.'],
    [{ body: 'x' }, 'bad-parameter', '"Body" of "A" must be a group of fields, not the text "x".'],
    [{ keep: 'none' }, 'missing-parameter', '"Only" of "A" is missing.'],
    [{ rows: [{ column: 'x', rule: 'form' }] }, 'missing-parameter', '"Form" in entry 1 of "Rows" of "A" is missing.'],
    [
      { rows: [{ column: 'x', rule: 'form', form: '' }] },
      'missing-parameter',
      '"Form" in entry 1 of "Rows" of "A" is missing.',
    ],
    [
      { rows: [{ column: 'x', rule: 'form', form: '([' }] },
      'bad-pattern',
      '"Form" in entry 1 of "Rows" of "A" cannot be used: it has a [ without its ].',
    ],
  ])('%j is a %s', (given, code, message) => {
    expect(one(given)).toMatchObject({ code, message, nodeIds: ['a'] });
  });

  it('what is asked for in one case only is not missed in another', () => {
    expect(codes(params({ fields: {}, rows: [{ column: 'x', rule: 'any' }, { column: 'x' }] }))).toEqual([]);
    expect(codes(params({ fields: {}, rows: [{ column: 'x', rule: 'form', form: '^a' }] }))).toEqual([]);
  });

  it('a value that fits none of several forms is told what the field asks for', () => {
    expect(one({ share: 'many' })).toMatchObject({
      code: 'bad-parameter',
      message: '"Share" of "A" cannot be the text "many".',
      remedy: 'A number, or a share such as "2%".',
    });
  });

  it('a cleared optional field, a template in any place, and a number as text are fine', () => {
    expect(
      codes(params({ fields: {}, batch: null, wait: '', keep: '={{ $json.k }}', body: { kind: 'text', text: 5 } })),
    ).toEqual([]);
    expect(codes(params({ fields: '={{ $json }}', rows: [{ column: '={{ $json.c }}' }], batch: '={{ 5 }}' }))).toEqual(
      [],
    );
  });

  it('paths lead to the very value', () => {
    expect(one({ rows: [{ column: 4 }, { column: [] }] })?.path).toEqual(['nodes', 1, 'params', 'rows', 1, 'column']);
  });

  it('credentials that are missing, unknown or of another kind', () => {
    const query = (credential?: string) =>
      sketch({
        nodes: [start, node('q', 'sql.query', { version: 2, params: { sql: 'x' }, ...(credential && { credential }) })],
        edges: ['start -> q'],
      });
    const credentials = [
      { id: 'db', type: 'duckdb' },
      { id: 'crm', type: 'salesforce' },
    ];
    expect(codes(query(), { credentials })).toEqual(['missing-credential']);
    expect(codes(query('gone'), { credentials })).toEqual(['unknown-credential']);
    expect(only(query('crm'), { credentials }).remedy).toContain('postgres or duckdb');
    expect(codes(query('crm'), { credentials })).toEqual(['wrong-credential-type']);
    expect(codes(query('db'), { credentials })).toEqual([]);
    expect(codes(query('gone'))).toEqual([]);
  });

  it('a webhook that asks callers for a credential needs to have one', () => {
    const hook = (auth: string) => sketch({ nodes: [node('w', 'webhook', { params: { path: 'in', auth } })] });
    expect(codes(hook('none'))).toEqual([]);
    expect(codes(hook('token'))).toEqual(['missing-credential']);
  });

  it('that credential is of the kind that the webhook asks for', () => {
    const hook = (auth: string) =>
      sketch({ nodes: [node('w', 'webhook', { credential: 'c', params: { path: 'in', auth } })] });
    const credentials = [{ id: 'c', type: 'webhook-basic' }];
    expect(codes(hook('basic'), { credentials })).toEqual([]);
    expect(only(hook('token'), { credentials })).toMatchObject({
      code: 'wrong-credential-type',
      remedy: 'Choose a credential of type webhook-token.',
    });
  });

  it('repetition without bound, time zones, schedules, workflows and webhooks', () => {
    const repeat = (given: Record<string, unknown>) =>
      sketch({
        nodes: [start, node('r', 'repeat-until', { params: given }), node('in', 'no-op', { parent: 'r' })],
        edges: ['start -> r'],
      });
    expect(codes(repeat({}))).toEqual(['unbounded-repeat']);
    expect(codes(repeat({ maxRounds: 3 }))).toEqual([]);
    const schedule = (given: Record<string, unknown>) => sketch({ nodes: [node('s', 'schedule', { params: given })] });
    expect(only(schedule({ every: '1h', timezone: 'Europe/Berlni' }))).toMatchObject({
      code: 'bad-timezone',
      remedy: 'Did you mean "Europe/Berlin"?',
    });
    expect(codes({ ...schedule({ every: '1h' }), settings: { timezone: 'Mars/Base' } })).toEqual(['bad-timezone']);
    expect(codes(schedule({ cron: '61 * * * *' }))).toEqual(['bad-schedule']);
    expect(codes(schedule({ cron: '0 0 31 2 *' }))).toEqual(['bad-schedule']);
    expect(codes(schedule({ cron: 'sometimes' }))).toEqual(['bad-schedule']);
    expect(codes(schedule({ every: 'now and then' }))).toEqual(['bad-schedule']);
    expect(codes(schedule({}))).toEqual(['missing-parameter']);
    expect(only(schedule({ cron: 'daily', every: '1h' })).message).toBe('"S" takes only one of "Schedule" or "Every".');
    expect(codes(schedule({ cron: 'weekdays at 8:00' }))).toEqual([]);
    expect(codes(schedule({ cron: '0 2 * * 1-5', timezone: 'Europe/Berlin' }))).toEqual([]);
    expect(codes(params({ workflow: 'other' }, 'run-workflow'), { workflows: ['others'] })).toEqual([
      'unknown-workflow',
    ]);
    expect(codes(params({ workflow: 'other' }, 'run-workflow'))).toEqual([]);
    const hook = (id: string, path: string, methods: string[]) => node(id, 'webhook', { params: { path, methods } });
    expect(codes(sketch({ nodes: [hook('a', '/in', ['GET']), hook('b', 'in', ['POST', 'GET'])] }))).toEqual([
      'duplicate-webhook-path',
    ]);
    expect(codes(sketch({ nodes: [hook('a', '/in', ['GET']), hook('b', 'in', ['POST'])] }))).toEqual([]);
  });

  it('a rule that looks into the reference input needs an edge there', () => {
    const check = (rule: string, edges: string[]) =>
      codes(sketch({ nodes: [start, node('c', 'check', { params: { rules: [{ rule }] } })], edges }));
    expect(check('unique', ['start -> c'])).toEqual([]);
    expect(check('refers-to', ['start -> c'])).toEqual(['missing-input']);
    expect(check('refers-to', ['start -> c', 'start -> c:reference'])).toEqual([]);
  });

  it('cases with the same name, or that of another output', () => {
    const conditions = { all: [{ left: 1, is: 'is-true' }] };
    const cases = ['x', 'x', 'otherwise'].map((name) => ({ name, conditions }));
    expect(codes(params({ cases }, 'switch'))).toEqual(['duplicate-case', 'duplicate-case']);
  });

  it('alerts are judged like nodes', () => {
    const alert = (via: string, params = {}) => ({
      ...sketch({ nodes: [start] }),
      settings: { alerts: [{ on: ['failed'], via, params }] },
    });
    expect(codes(alert('nope'))).toEqual(['unknown-type']);
    expect(codes(alert('sql.query', { sql: '' }))).toEqual(['missing-parameter', 'missing-credential']);
    expect(codes(alert('no-op'))).toEqual([]);
  });
});

describe('conditions', () => {
  const one = (condition: unknown) =>
    only(
      sketch({
        nodes: [start, node('a', 'filter', { params: { conditions: { all: [condition] } } })],
        edges: ['start -> a'],
      }),
    );

  it.each([
    [{ left: 'x', is: 'equal', right: 1 }, 'bad-condition', 'Did you mean "equals"?'],
    [{ left: 'x', is: 'equals' }, 'bad-condition', 'Write a value or choose a column on the right.'],
    [{ is: 'is-empty' }, 'bad-condition', 'Choose a column or write a value on the left.'],
    [{ left: 'x', is: 'in', right: 'DE' }, 'bad-condition', 'Write a list such as ["DE", "AT"].'],
    [{ left: 'x', is: 'before', right: 'soon' }, 'bad-condition', 'Write a date such as 2026-01-31.'],
    [{ left: 'x', is: 'matches', right: '(' }, 'bad-pattern', 'Correct the pattern.'],
    [{ any: [] }, 'missing-parameter', 'Add a condition.'],
    [
      { all: [{ left: 'x', is: 'is-empty' }], any: [] },
      'bad-condition',
      'Write { "all": [ ... ] } or { "any": [ ... ] }.',
    ],
    [7, 'bad-condition', 'Write { "left", "is", "right" }.'],
  ])('%j is a %s', (condition, code, remedy) => {
    expect(one(condition)).toMatchObject({ code, remedy });
  });

  it('are told by their place', () => {
    expect(one({ left: 'x', is: 'equals' })).toMatchObject({
      message: 'Condition 1 of "Conditions" of "A" does not say what to compare with ("equals").',
      path: ['nodes', 1, 'params', 'conditions', 'all', 0, 'right'],
    });
  });
});

describe('expressions', () => {
  const reading = (
    source: string,
    more: { params?: Record<string, unknown>; nodes?: unknown[]; edges?: string[] } = {},
  ) =>
    sketch({
      nodes: [
        start,
        node('a'),
        node('b', 'set-fields', { params: { fields: { x: source }, ...more.params } }),
        node('c'),
        ...(more.nodes ?? []),
      ],
      edges: ['start -> a', 'a -> b', 'b -> c', ...(more.edges ?? [])],
    });

  it('that cannot be read are told with the place', () => {
    expect(only(reading('={{ $json. }}'))).toMatchObject({
      code: 'bad-expression',
      path: ['nodes', 2, 'params', 'fields', 'x'],
    });
  });

  it('read earlier nodes by name or id', () => {
    expect(codes(reading("={{ $('A').item.x + $('start').first().y }}"))).toEqual([]);
  });

  it('cannot read nodes that are unknown, later, beside, or the node itself', () => {
    expect(only(reading("={{ $('AA').item.x }}"))).toMatchObject({
      code: 'expression-reads-unknown-node',
      remedy: 'Did you mean "A"?',
    });
    const later = only(reading("={{ $('C').item.x }}"));
    expect(later).toMatchObject({ code: 'expression-reads-non-upstream', nodeIds: ['b', 'c'] });
    expect(later?.message).toContain('"C", which does not come before it');
    expect(only(reading("={{ $('b').first().x }}")).message).toContain('this very node');
    const beside = reading("={{ $('D').item.x }}", { nodes: [node('d')], edges: ['start -> d'] });
    expect(codes(beside)).toEqual(['expression-reads-non-upstream']);
  });

  it('in SQL over steps are its tables, which come before it', () => {
    const over = (sql: string) =>
      reading('={{ 1 }}', {
        nodes: [node('q', 'sql-over-steps', { params: { sql } }), node('beside')],
        edges: ['c -> q', 'start -> beside'],
      });
    expect(codes(over('with x as (select * from a) select * from x join "B" using (y) join START on true'))).toEqual(
      [],
    );
    expect(codes(over('={{ "select * from nothing" }}'))).toEqual([]);
    expect(only(over('select * from aa'))).toMatchObject({
      code: 'expression-reads-unknown-node',
      message: 'The SQL in "SQL" of "Q" reads "aa", and there is no node of that name.',
      remedy: expect.stringMatching(/^Did you mean "A"/i),
      path: ['nodes', 4, 'params', 'sql'],
    });
    expect(only(over('select * from beside'))).toMatchObject({
      code: 'expression-reads-non-upstream',
      message: 'The SQL in "SQL" of "Q" reads "BESIDE", which does not come before it.',
      nodeIds: ['q', 'beside'],
    });
    expect(only(over('select * from q')).message).toContain('this very node');
  });

  it('cannot tell apart nodes of one name', () => {
    const twins = reading("={{ $('Twin').item.x }}", {
      nodes: [
        { ...node('d'), name: 'Twin' },
        { ...node('e'), name: 'Twin' },
      ],
      edges: ['start -> d', 'start -> e'],
    });
    expect(codes(twins)).toEqual(['ambiguous-node-name']);
  });

  it('in a container see what comes before the container, but nothing sees into it', () => {
    const set = (id: string, x: string, more = {}) => node(id, 'set-fields', { params: { fields: { x } }, ...more });
    const document = (inner: string, after: string) =>
      sketch({
        nodes: [
          start,
          node('e', 'for-each'),
          node('in', 'no-op', { parent: 'e' }),
          set('in2', inner, { parent: 'e' }),
          set('after', after),
        ],
        edges: ['start -> e', 'in -> in2', 'e -> after'],
      });
    expect(codes(document("={{ $('start').first().x + $('in').item.y }}", "={{ $('e').item.x }}"))).toEqual([]);
    expect(only(document("={{ $('e').item.x }}", 'x')).message).toContain('the container it stands in');
    expect(only(document('x', "={{ $('in').item.x }}")).message).toContain('which stands inside "E"');
  });

  it('that count for the whole step, or stand in a trigger, cannot read the record', () => {
    expect(only(reading('x', { params: { wait: '={{ $json.w }}' } }))).toMatchObject({
      code: 'step-scope-reads-record',
    });
    expect(codes(reading('x', { params: { wait: "={{ $('A').first().w }}" } }))).toEqual([]);
    expect(codes(sketch({ nodes: [node('w', 'webhook', { params: { path: '={{ $json.x }}' } })] }))).toEqual([
      'step-scope-reads-record',
    ]);
  });

  it('are plain text where the setting is literal', () => {
    expect(codes(reading('x', { params: { note: '={{ not an expression' } }))).toEqual([]);
  });
});
