import type { StepView } from '../../spec/api/run.ts';
import { engineWorld, workflow } from '../engine-world.ts';

/**
 * The process that the crash driver kills: an engine on a real store that takes runs on, makes counted calls to the driver, and after
 * each start goes on with what the last kill left. Arguments: home folder, driver's address, number of runs.
 */
const [home = '', driver = '', wanted = '0'] = process.argv.slice(2);
const world = engineWorld({ home, threaded: true });

async function tell(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${driver}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return response.json();
}

world.outside.reach = async (call) => {
  await tell('/call', call);
};

/** What happened to a call whose outcome is unknown is asked where it can be known. */
async function settle(runId: string, step: StepView): Promise<void> {
  if (step.wait?.kind !== 'unknown-outcome') return;
  const { key, step: stepKey = step.node } = step.wait;
  const asked = (await tell('/happened', { key })) as { happened: boolean };
  await tell('/decision', { run: runId, key });
  await world.engine.answer(runId, stepKey, { kind: asked.happened ? 'done' : 'not-done', by: 'driver' });
}

world.engine.on((event) => {
  if (event.kind === 'step') void settle(event.runId, event.step);
});

const request = workflow(
  {
    start: ['manual'],
    mark: ['set', { fields: { run: '={{ $run.id }}', node: 'mark' } }],
    look: ['read'],
    put: ['upsert'],
    odd: ['choose', { when: '={{ $json.n % 2 === 1 }}' }],
    post: ['post'],
    nap: ['wait', { ms: 20 }],
    loop: ['for-each', { batchSize: 2, parallel: 2 }],
    tag: ['set', { fields: { looped: true } }, { parent: 'loop' }],
    rest: ['wait', { ms: 5 }, { parent: 'loop' }],
    tell: ['post', {}, { parent: 'loop' }],
    end: ['set', { fields: { at: 'end' } }],
  },
  [
    'start -> mark',
    'mark -> look',
    'look -> put',
    'put -> odd',
    'odd.true -> post',
    'post -> nap',
    'nap -> end',
    'odd.false -> end',
    'mark -> loop',
    'tag -> rest',
    'rest -> tell',
    'loop -> end',
  ],
);

await world.engine.recover();
for (const id of await world.store.unfinishedRuns()) {
  for (const step of (await world.engine.run(id))?.steps ?? []) await settle(id, step);
}
const { first } = (await tell('/ready', {})) as { first: number };
for (let i = first; i < Number(wanted); i++) {
  const { id } = await world.engine.start({
    ...request,
    records: Array.from({ length: 6 }, (_, n) => ({ n, i })),
    key: `event-${i}`,
    until: 'accepted',
  });
  await tell('/accepted', { i, id });
}
const all = (await tell('/all', {})) as { ids: string[] };
const ends = await Promise.all(all.ids.map((id) => world.engine.finished(id)));
await tell('/finished', {
  runs: await Promise.all(
    ends.map(async ({ id, status }) => ({
      id,
      status,
      end: (await world.engine.records(id, 'end', { offset: 0, limit: 100 }))?.records.map((record) => record.n),
    })),
  ),
});
await world.engine.close();
await world.store.close();
process.exit(0);
