import type { FieldUi, JsonSchema, NodeType } from '../../spec/workflow/node-type.ts';
import { nodeType as type } from '../canvas/canvas.fixtures.ts';

/** Node types for the gallery: one with a field of every kind, and the plain ones that its cards need. */

function field(kind: FieldUi['kind'], label: string, more: Partial<FieldUi> = {}, schema: JsonSchema = {}): JsonSchema {
  return { ...schema, ui: { kind, label, ...more } };
}

const rejected = { name: 'rejected', fires: 'with-records', mustBeTaken: true } as const;

const everyField: JsonSchema = {
  type: 'object',
  required: ['text', 'conditions'],
  properties: {
    text: field('text', 'Text', { help: 'Columns can be mixed in.' }),
    formula: field('text', 'Formula'),
    'long-text': field('long-text', 'Long text'),
    number: field('number', 'Number'),
    switch: field('switch', 'Switch'),
    choice: field('choice', 'Choice', {
      options: [
        { value: 'a', label: 'The first' },
        { value: 'b', label: 'The second' },
      ],
    }),
    choices: field('choices', 'Choices', {
      options: [
        { value: 'GET', label: 'GET' },
        { value: 'POST', label: 'POST' },
      ],
    }),
    duration: field('duration', 'Duration'),
    'date-time': field('date-time', 'Date and time'),
    cron: field('cron', 'Schedule', { scope: 'literal' }),
    code: field('code', 'SQL', { language: 'sql', scope: 'step' }),
    json: field('json', 'JSON'),
    conditions: field('conditions', 'Conditions', { scope: 'own' }),
    'key-values': field('key-values', 'Names and values'),
    'column-map': field('column-map', 'Column map'),
    renames: field('renames', 'Renames'),
    'field-name': field('field-name', 'One column'),
    'field-names': field('field-names', 'Several columns'),
    list: field(
      'list',
      'List',
      {},
      {
        type: 'array',
        items: {
          type: 'object',
          required: ['field'],
          properties: {
            field: field('field-name', 'Field'),
            order: field('choice', 'Order', {
              options: [
                { value: 'up', label: 'ascending' },
                { value: 'down', label: 'descending' },
              ],
            }),
          },
          ui: { kind: 'group', label: 'Key' },
        },
      },
    ),
    group: field(
      'group',
      'Group',
      {},
      { type: 'object', properties: { people: field('choices', 'People'), message: field('long-text', 'Message') } },
    ),
    advanced: field('text', 'Rarely needed', { advanced: true }),
    secret: field('text', 'Secret', { secret: true, advanced: true }),
  },
};

export const galleryTypes: ReadonlyMap<string, NodeType> = new Map(
  [
    type('manual', {
      kind: 'trigger',
      category: 'trigger',
      inputs: [],
      title: 'Start by hand',
      summary: 'Start by hand',
    }),
    type('no-op', {
      title: 'Do nothing',
      summary: 'Pass the records through',
      outputs: [{ name: 'records', fires: 'always' }, rejected],
    }),
    type('if', {
      title: 'If',
      summary: 'Split by a condition',
      outputs: [{ name: 'true', fires: 'with-records' }, { name: 'false', fires: 'with-records' }, rejected],
    }),
    type('join', {
      title: 'Join',
      summary: 'Join the two',
      inputs: [
        { name: 'left', many: false },
        { name: 'right', many: false },
      ],
    }),
    type('for-each', { kind: 'container', title: 'For each', summary: 'Repeat for each batch' }),
    type('sql.upsert', {
      connector: 'sql',
      title: 'Upsert rows',
      summary: 'Upsert into {table}, matching on {key}',
      params: {
        type: 'object',
        required: ['table', 'key'],
        properties: { table: field('text', 'Table'), key: field('field-names', 'Key') },
      },
    }),
    type('slack.post', { connector: 'slack', title: 'Post a message', summary: 'Post to #revenue-ops' }),
    type('every-field', { title: 'Every field', summary: 'A field of every kind', params: everyField }),
  ].map((made) => [made.type, made]),
);
