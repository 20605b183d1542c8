import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { defineNode, eachCall, type NodeDefinition } from '../../sdk/index.ts';
import { workflow } from '../engine-world.ts';
import { benchEngine } from './bench-engine.ts';
import { type Benchmark, inMilliseconds, timed, valueRow } from './measure.ts';

const WIDTH = 200;
const TAKES = 50;

/** Stands in for a service that answers after a while. */
const slowRead = defineNode(
  {
    type: 'slow-read',
    version: 1,
    title: 'Slow read',
    summary: '',
    connector: 'bench',
    category: 'data',
    params: z.object({}),
    effect: 'read',
  },
  eachCall({}, async (record, _params, ctx) => {
    await wait(TAKES, undefined, { signal: ctx.signal });
    return record;
  }),
);

export const branches: Benchmark = {
  name: 'branches',
  limit: 30,
  run: async ({ quick }) => {
    const { run, close } = benchEngine({ more: [slowRead as unknown as NodeDefinition] });
    const names = Array.from({ length: WIDTH }, (_, i) => `read-${i}`);
    const request = workflow(
      {
        start: ['manual'],
        ...Object.fromEntries(names.map((name) => [name, ['slow-read'] as [string]])),
        end: ['merge'],
      },
      names.flatMap((name) => [`start -> ${name}`, `${name} -> end`]),
    );
    await run(request, [{ n: 1 }]);
    const samples: number[] = [];
    for (let i = 0; i < (quick ? 3 : 15); i++) samples.push(await timed(() => run(request, [{ n: 1 }])));
    await close();
    return [
      valueRow({
        work: `${WIDTH} branches in parallel, ${TAKES} ms each, then a merge`,
        samples,
        baselines: [TAKES],
        format: inMilliseconds,
        limit: { atMost: 150 },
      }),
    ];
  },
};
