import { z } from 'zod';
import { workflowSchema } from '../workflow/document.ts';
import { route } from './route.ts';

/** Ready workflows that run at once on practice services. */
export const starterSchema = z
  .object({ id: z.string(), name: z.string(), description: z.string(), document: workflowSchema })
  .meta({ id: 'Starter' });

export const starterRoutes = {
  listStarters: route({
    method: 'get',
    path: '/starters',
    summary: 'Starter workflows',
    needs: 'workflow.read',
    status: 200,
    response: z.object({ starters: z.array(starterSchema) }),
  }),
  useStarter: route({
    method: 'post',
    path: '/starters/:id',
    summary: 'Make a workflow from a starter; gives the one that is there if it was made before',
    needs: 'workflow.edit',
    status: 201,
    response: z.object({ id: z.string() }),
  }),
};

export type Starter = z.infer<typeof starterSchema>;
