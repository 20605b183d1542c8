import type { StepStatus, StepView } from '../../spec/api/run.ts';
import { type Workflow, workflowSchema } from '../../spec/workflow/document.ts';
import { Autosave } from '../canvas/autosave.ts';
import type { CanvasStores } from '../canvas/CanvasContext.tsx';
import { createCommands } from '../canvas/commands.ts';
import { createDocumentStore } from '../canvas/document-store.ts';
import { createProblemStore } from '../canvas/problem-store.ts';
import { Refusals } from '../canvas/refusal.ts';
import { createRunStore } from '../canvas/run-store.ts';
import { createUiStore } from '../canvas/ui-store.ts';
import { galleryTypes } from './gallery-types.ts';

const statuses: readonly StepStatus[] = [
  'pending',
  'running',
  'retrying',
  'waiting',
  'needs-you',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
];

/** A workflow that shows every state of a card. */
const workflow: Workflow = workflowSchema.parse({
  format: 'sluice/1',
  id: 'gallery',
  name: 'Gallery',
  nodes: [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'split', type: 'if', name: 'Split' },
    { id: 'join', type: 'join', name: 'Two inputs' },
    { id: 'write', type: 'sql.upsert', name: 'With problems', params: { table: 'accounts' } },
    { id: 'off', type: 'slack.post', name: 'Disabled', disabled: true },
    { id: 'chosen', type: 'slack.post', name: 'Selected' },
    { id: 'unknown', type: 'not-installed', name: 'Not installed' },
    { id: 'loop', type: 'for-each', name: 'For each account' },
    { id: 'inner', type: 'no-op', name: 'Inside', parent: 'loop' },
    { id: 'form', type: 'every-field', name: 'Every field', params: formValues() },
    ...statuses.map((status) => ({ id: status, type: 'no-op', name: status })),
  ],
  edges: [
    { from: 'start', to: 'split' },
    { from: 'split', to: 'join' },
    { from: 'split', output: 'false', to: 'join', input: 'right' },
    { from: 'join', to: 'write' },
    { from: 'join', to: 'off' },
    { from: 'start', to: 'form' },
    { from: 'start', to: 'chosen' },
  ],
  layout: {
    start: [0, 0],
    split: [370, 0],
    join: [740, 0],
    write: [1110, -60],
    off: [1110, 80],
    chosen: [370, 180],
    unknown: [740, 180],
    loop: [1110, 220],
    inner: [1460, 220],
    form: [0, 180],
    ...Object.fromEntries(
      statuses.map((status, index) => [status, [(index % 5) * 370, 380 + Math.floor(index / 5) * 150]]),
    ),
  },
  stickies: [{ id: 'note', text: 'A note for those who come after.', at: [1480, -60], size: [220, 90] }],
});

/** Stores as a canvas has them, without a server behind. */
export function galleryStores(): CanvasStores {
  const documents = createDocumentStore(workflow, { readOnly: false });
  const refusals = new Refusals(galleryTypes);
  const never = () => new Promise<never>(() => undefined);
  const runs = createRunStore();
  runs.getState().follow('run');
  for (const status of statuses)
    runs.getState().receive({ kind: 'step', runId: 'run', workflowId: 'gallery', step: stepIn(status) });
  runs.getState().receive({
    kind: 'step',
    runId: 'run',
    workflowId: 'gallery',
    step: { ...stepIn('succeeded'), node: 'split', out: { true: 1204, false: 96, rejected: 0 } },
  });
  return {
    workflowId: 'gallery',
    types: galleryTypes,
    documents,
    autosave: new Autosave(documents, 'r', { save: never, newest: never }),
    problems: createProblemStore(documents, galleryTypes),
    runs,
    ui: createUiStore(),
    refusals,
    commands: createCommands(documents, galleryTypes, refusals),
  };
}

function stepIn(status: StepStatus): StepView {
  const over = status === 'succeeded' || status === 'failed';
  return {
    node: status,
    name: status,
    type: 'no-op',
    status,
    attempts: status === 'retrying' ? 2 : 1,
    in: 1300,
    out: status === 'succeeded' ? { records: 1300 } : {},
    tries: [],
    ...(status === 'running' ? { progress: { done: 12_400, total: 96_000 } } : {}),
    ...(over ? { finishedAt: 1 } : {}),
  };
}

function formValues() {
  return {
    text: "=Dear {{ $json.name }} of {{ $('start').item.city }}",
    formula: '={{ round($json.amount * 1.2) }}',
    'long-text': 'Several\nlines',
    number: 12,
    switch: true,
    choice: 'a',
    choices: ['GET'],
    duration: '10m',
    'date-time': '2025-03-14T09:30',
    cron: '30 9 * * 1-5',
    code: 'select email, score\nfrom scores\nwhere updated_at > :since',
    json: { nested: [1, 2, { deep: true }] },
    conditions: {
      all: [
        { left: '={{ $json.amount }}', is: 'greater-than', right: 100 },
        { any: [{ left: '={{ $json.note }}', is: 'is-empty' }] },
      ],
    },
    'key-values': { greeting: '=Hi {{ $json.name }}', missing: '={{ $json.note }}', wrong: '={{ $json. }}' },
    'column-map': { email: '={{ $json.email }}', gone: '={{ $json.nowhere }}' },
    renames: { name: 'full_name' },
    'field-name': 'amount',
    'field-names': ['name', 'nowhere'],
    list: [{ field: 'name', order: 'up' }],
    group: { people: ['dana@example.com'] },
  };
}
