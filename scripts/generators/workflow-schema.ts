import { z } from 'zod';
import { FORMAT, workflowSchema } from '../../spec/workflow/document.ts';

/** `spec/workflow/workflow.schema.json`: the form of a workflow document as JSON Schema, for editors that complete and check while typing. */
export function generate(): Record<string, string> {
  const { $schema, ...schema } = z.toJSONSchema(workflowSchema, { io: 'input' });
  const published = {
    $schema,
    $id: `urn:${FORMAT.replace('/', ':')}:workflow`,
    title: 'Sluice workflow',
    description: `A workflow document of format ${FORMAT}. What fits it is well-formed; whether it can run is for validation to say.`,
    ...schema,
  };
  return { 'spec/workflow/workflow.schema.json': `${JSON.stringify(published, null, 2)}\n` };
}
