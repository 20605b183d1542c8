import { z } from 'zod';
import { retentionSchema } from '../workflow/document.ts';
import { route } from './route.ts';

const zone = z.string().refine(isTimeZone, 'Give a time zone such as "Europe/Berlin"');

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

export const settingsSchema = z
  .object({
    /** Of workflows that name none. */
    timezone: zone,
    /** Of the runs of each workflow that does not say itself; `total`: of all runs together. */
    retention: retentionSchema.extend({ total: retentionSchema.shape.size }).optional(),
  })
  .meta({ id: 'Settings' });

const spaceSchema = z.object({ runs: z.number(), bytes: z.number() });

/** What runs take up: their rows, records and files. `overdue` goes when space is given back the next time. */
export const spaceUseSchema = spaceSchema
  .extend({
    overdue: spaceSchema,
    /** The largest first. */
    workflows: z.array(
      spaceSchema.extend({
        id: z.string(),
        /** Absent when there is no such workflow any more. */
        name: z.string().optional(),
        overdue: spaceSchema,
      }),
    ),
  })
  .meta({ id: 'SpaceUse' });

/** `$vars`, by name. */
export const varsSchema = z
  .object({
    vars: z.record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/, 'Use letters, digits and underscores, such as "region_code"'),
      z.unknown(),
    ),
  })
  .meta({ id: 'Variables' });

export const practiceSchema = z
  .object({ running: z.boolean(), services: z.array(z.looseObject({ name: z.string() })) })
  .meta({ id: 'Practice' });

export const settingsRoutes = {
  getVars: route({
    method: 'get',
    path: '/vars',
    summary: 'Variables',
    needs: 'workflow.read',
    status: 200,
    response: varsSchema,
  }),
  replaceVars: route({
    method: 'put',
    path: '/vars',
    summary: 'Replace all variables',
    needs: 'variable.edit',
    body: varsSchema,
    status: 200,
    response: varsSchema,
  }),
  getSettings: route({
    method: 'get',
    path: '/settings',
    summary: 'Settings',
    needs: 'workflow.read',
    status: 200,
    response: settingsSchema,
  }),
  replaceSettings: route({
    method: 'put',
    path: '/settings',
    summary: 'Replace the settings',
    needs: 'settings.edit',
    body: settingsSchema,
    status: 200,
    response: settingsSchema,
  }),
  getSpace: route({
    method: 'get',
    path: '/space',
    summary: 'What runs take up, in all and by workflow',
    needs: 'run.read',
    status: 200,
    response: spaceUseSchema,
  }),
  getPractice: route({
    method: 'get',
    path: '/practice',
    summary: 'The practice services',
    needs: 'practice.read',
    status: 200,
    response: practiceSchema,
  }),
};

export type Settings = z.infer<typeof settingsSchema>;
export type Practice = z.infer<typeof practiceSchema>;
