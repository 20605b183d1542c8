import { accessRoutes } from './access.ts';
import { credentialRoutes } from './credential.ts';
import { nodeTypeRoutes } from './node-types.ts';
import { restartRoutes } from './restart.ts';
import { runRoutes } from './runs.ts';
import { sampleRoutes } from './sample.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';
import { starterRoutes } from './starter.ts';
import { workflowRoutes } from './workflow.ts';

export const API = '/api/v1';

/** Every operation of the REST API by its OpenAPI operation id. */
export const routes = {
  ...sessionRoutes,
  ...workflowRoutes,
  ...sampleRoutes,
  ...runRoutes,
  ...restartRoutes,
  ...nodeTypeRoutes,
  ...starterRoutes,
  ...credentialRoutes,
  ...accessRoutes,
  ...settingsRoutes,
};
