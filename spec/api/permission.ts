/** Who may do what. The one authorisation rule of UI, API, CLI and webhooks. Each role may do all that the one before it may. */
export const roles = ['viewer', 'operator', 'editor', 'admin'] as const;

export type Role = (typeof roles)[number];

const leastRole = {
  'workflow.read': 'viewer',
  'run.read': 'viewer',
  'credential.list': 'viewer',
  'practice.read': 'viewer',
  /** A person's own API tokens. */
  'token.own': 'viewer',
  'run.start': 'operator',
  'run.control': 'operator',
  'workflow.edit': 'editor',
  'workflow.publish': 'editor',
  'credential.edit': 'editor',
  /** Dropdowns and previews, which read a service with a credential. */
  'service.read': 'editor',
  'variable.edit': 'editor',
  'practice.edit': 'editor',
  'settings.edit': 'admin',
  'user.manage': 'admin',
  'token.manage': 'admin',
  'audit.read': 'admin',
} as const satisfies Record<string, Role>;

export type Action = keyof typeof leastRole;

export function can(role: Role, action: Action): boolean {
  return roles.indexOf(role) >= roles.indexOf(leastRole[action]);
}
