import { routes } from '../../spec/api/routes.ts';
import { notFound } from '../fault.ts';
import type { Services } from '../services.ts';
import type { Bind } from './bind.ts';
import { authorOf } from './workflow-routes.ts';

export function starterRoutes(bind: Bind, { starters, workspace, checker }: Services): void {
  bind(routes.listStarters, () => ({
    starters: starters.map((document) => ({
      id: document.id,
      name: document.name,
      description: document.description ?? '',
      document,
    })),
  }));

  bind(routes.useStarter, async ({ params, caller }) => {
    const starter = starters.find((one) => one.id === params.id);
    if (!starter) throw notFound('starter', params.id);
    if (!(await workspace.find(starter.id))) {
      const { document } = await checker.sound(starter);
      await workspace.create(document, authorOf(caller));
    }
    return { id: starter.id };
  });
}
