import { routes } from '../../spec/api/routes.ts';
import type { Services } from '../services.ts';
import type { Bind } from './bind.ts';
import { authorOf } from './workflow-routes.ts';

export function settingsRoutes(bind: Bind, { vars, settings, practice }: Services): void {
  bind(routes.getVars, () => ({ vars: vars.get() }));
  bind(routes.replaceVars, async ({ body, caller }) => ({ vars: await vars.put(body.vars, authorOf(caller)) }));
  bind(routes.getSettings, () => settings.get());
  bind(routes.replaceSettings, ({ body, caller }) => settings.put(body, authorOf(caller)));
  bind(routes.getPractice, () => practice());
}
