import { z } from 'zod';
import { recordsSchema } from './record.ts';
import { route } from './route.ts';

/** Sample records of a workflow's nodes, for the node panel; real runs never use them. */
export const samplesSchema = z.object({ samples: z.record(z.string(), recordsSchema) }).meta({ id: 'Samples' });

export const sampleRoutes = {
  getSamples: route({
    method: 'get',
    path: '/workflows/:id/samples',
    summary: 'Sample records by node',
    needs: 'workflow.read',
    status: 200,
    response: samplesSchema,
  }),
  replaceSamples: route({
    method: 'put',
    path: '/workflows/:id/samples',
    summary: 'Replace all samples',
    needs: 'workflow.edit',
    body: samplesSchema,
    status: 200,
    response: samplesSchema,
  }),
  putSample: route({
    method: 'put',
    path: '/workflows/:id/samples/:node',
    summary: 'Keep records as the sample of a node',
    needs: 'workflow.edit',
    body: z.strictObject({ records: recordsSchema.max(1000, 'Keep at most 1,000 records as a sample') }),
    status: 204,
  }),
  deleteSample: route({
    method: 'delete',
    path: '/workflows/:id/samples/:node',
    summary: 'Forget the sample of a node',
    needs: 'workflow.edit',
    status: 204,
  }),
};

export type Samples = z.infer<typeof samplesSchema>['samples'];
