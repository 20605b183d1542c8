import { routes } from '../../spec/api/routes.ts';
import { notFound } from '../fault.ts';
import type { Services } from '../services.ts';
import type { Bind } from './bind.ts';

export function sampleRoutes(bind: Bind, { samples, workspace }: Services): void {
  const node = async (id: string, name: string): Promise<void> => {
    const { document } = await workspace.get(id);
    if (!document.nodes.some((one) => one.id === name)) throw notFound('node', name);
  };

  bind(routes.getSamples, async ({ params }) => {
    await workspace.get(params.id);
    return { samples: await samples.get(params.id) };
  });

  bind(routes.replaceSamples, async ({ params, body }) => {
    await workspace.get(params.id);
    return { samples: await samples.change(params.id, () => body.samples) };
  });

  bind(routes.putSample, async ({ params, body }) => {
    await node(params.id, params.node);
    await samples.change(params.id, (before) => ({ ...before, [params.node]: body.records }));
  });

  bind(routes.deleteSample, async ({ params }) => {
    await workspace.get(params.id);
    await samples.change(params.id, ({ [params.node]: _, ...rest }) => rest);
  });
}
