import { routes } from '../../spec/api/routes.ts';
import type { Services } from '../services.ts';
import type { Bind } from './bind.ts';
import { authorOf } from './workflow-routes.ts';

export function settingsRoutes(bind: Bind, { vars, settings, practice, space, workspace }: Services): void {
  bind(routes.getVars, () => ({ vars: vars.get() }));
  bind(routes.replaceVars, async ({ body, caller }) => ({ vars: await vars.put(body.vars, authorOf(caller)) }));
  bind(routes.getSettings, () => settings.get());
  bind(routes.replaceSettings, ({ body, caller }) => settings.put(body, authorOf(caller)));
  bind(routes.getSpace, async () => {
    const [all = { runs: 0, bytes: 0, overdue: { runs: 0, bytes: 0 } }, ...uses] = await space();
    const names = new Map((await workspace.list()).map(({ document: { id, name } }) => [id, name]));
    const workflows = uses.map(({ workflowId: id = '', ...use }) => {
      const name = names.get(id);
      return { id, ...(name === undefined ? {} : { name }), ...use };
    });
    return { ...all, workflows };
  });
  bind(routes.getPractice, () => practice());
}
