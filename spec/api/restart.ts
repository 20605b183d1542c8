import { z } from 'zod';
import { route } from './route.ts';

/** What a restart does with a step: keep its result, go on where it stopped, do it again, or do it for the first time. */
export const restartFates = ['reused', 'goes-on', 'redone', 'first'] as const;

export const restartStepSchema = z.object({
  node: z.string(),
  name: z.string(),
  /** Id of the container it stands in; it fares as the container does. */
  parent: z.string().optional(),
  fate: z.enum(restartFates),
  /** It is not in the version of the run before. */
  isNew: z.boolean(),
  /** Its settings are others than in the version of the run before. */
  isChanged: z.boolean(),
  /** What it may do outside. */
  effect: z.enum(['none', 'read', 'idempotent', 'once']),
  /** In plain words what is kept of it, or where it goes on. */
  note: z.string().optional(),
  /** In plain words what it does outside a second time. */
  repeats: z.string().optional(),
});

export const restartPreviewSchema = z
  .object({
    /** Content hash of the version that it will run. */
    version: z.string(),
    steps: z.array(restartStepSchema),
    /** Steps of the run before that are not in this version. */
    gone: z.array(z.object({ node: z.string(), name: z.string() })),
    /** The trigger that the run started from is not in this version, so it cannot be restarted on it. */
    triggerIsGone: z.boolean(),
  })
  .meta({ id: 'RestartPreview' });

const left = z.array(z.object({ run: z.string(), why: z.string() }));

export const restartFailedSchema = z
  .object({
    restarted: z.array(z.object({ run: z.string(), id: z.string() })),
    /** Those that could not be, and why. */
    left,
    /** There are more. */
    more: z.boolean(),
  })
  .meta({ id: 'RestartFailed' });

export const restartFailedPreviewSchema = z
  .object({
    /** Failed runs that were not restarted since; at most 1,000. */
    runs: z.number(),
    more: z.boolean(),
    /** For how many of them each step has which fate, in the order of the workflow. */
    steps: z.array(
      z.object({
        node: z.string(),
        name: z.string(),
        fates: z.partialRecord(z.enum(restartFates), z.number()),
        /** Runs in which it does something outside a second time. */
        repeats: z.number(),
      }),
    ),
    left,
  })
  .meta({ id: 'RestartFailedPreview' });

const versions = z.enum(['same', 'newest']);
const restart = { from: z.string().optional(), version: versions.optional() };
const started = z.object({ id: z.string() });

export const restartRoutes = {
  restartRun: route({
    method: 'post',
    path: '/runs/:id/restart',
    summary: 'A new run that goes on from the failed step, or from `from`',
    needs: 'run.control',
    body: z.strictObject(restart).optional(),
    status: 202,
    response: started,
  }),
  previewRestart: route({
    method: 'get',
    path: '/runs/:id/restart',
    summary: 'What a restart would reuse, do again and repeat outside; changes nothing',
    needs: 'run.read',
    query: z.object(restart),
    status: 200,
    response: restartPreviewSchema,
  }),
  restartFailed: route({
    method: 'post',
    path: '/workflows/:id/restart-failed',
    summary:
      'Restart every failed run of a workflow that was not restarted since, the oldest first; at most 1,000 at a time',
    needs: 'run.control',
    body: z.strictObject(restart).optional(),
    status: 202,
    response: restartFailedSchema,
  }),
  previewRestartFailed: route({
    method: 'get',
    path: '/workflows/:id/restart-failed',
    summary: 'What restarting every failed run would do again and repeat outside; changes nothing',
    needs: 'run.read',
    query: z.object(restart),
    status: 200,
    response: restartFailedPreviewSchema,
  }),
};

export type RestartFate = (typeof restartFates)[number];
export type RestartStep = z.infer<typeof restartStepSchema>;
export type RestartPreview = z.infer<typeof restartPreviewSchema>;
export type RestartFailedPreview = z.infer<typeof restartFailedPreviewSchema>;
export type RestartFailed = z.infer<typeof restartFailedSchema>;
