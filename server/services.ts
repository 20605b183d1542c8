import type { Engine } from '../engine/index.ts';
import type { Clock } from '../engine/ports.ts';
import type { CredentialDefinition, NodeDefinition, TriggerDefinition } from '../sdk/index.ts';
import type { Practice, Settings } from '../spec/api/settings.ts';
import type { Workflow } from '../spec/workflow/document.ts';
import type { NodeType } from '../spec/workflow/node-type.ts';
import type { Accounts } from './auth/accounts.ts';
import type { Audit } from './auth/audit.ts';
import type { Tokens } from './auth/tokens.ts';
import type { Checker } from './checker.ts';
import type { CredentialVault } from './credentials/credential-vault.ts';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import type { Restarts } from './restarts.ts';
import type { Removals } from './retention/removals.ts';
import type { SpaceUse } from './retention/space-report.ts';
import type { Sweeper } from './retention/sweeper.ts';
import type { ServiceContexts, ServicePorts } from './service-context.ts';
import type { Triggers } from './triggers/triggers.ts';
import type { KeptFile, Vars } from './workspace/kept-file.ts';
import type { SampleStore } from './workspace/samples.ts';
import type { Workspace } from './workspace/workspace.ts';

/** Everything that the API, the CLI and the triggers work on; `server/main.ts` puts it together. */
export interface Services {
  readonly clock: Clock;
  readonly engine: Engine;
  readonly dispatcher: Dispatcher;
  readonly restarts: Restarts;
  readonly workspace: Workspace;
  readonly samples: SampleStore;
  readonly vars: KeptFile<Vars>;
  readonly settings: KeptFile<Settings>;
  readonly checker: Checker;
  readonly vault: CredentialVault;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly audit: Audit;
  readonly triggers: Triggers;
  readonly removals: Removals;
  readonly sweeper: Sweeper;
  /** What runs take up now. */
  readonly space: () => Promise<SpaceUse[]>;
  readonly contexts: ServiceContexts;
  readonly ports: ServicePorts;
  readonly catalogue: Catalogue;
  readonly starters: readonly Workflow[];
  readonly practice: () => Promise<Practice>;
}

/** What this server can do: node types, triggers and kinds of credentials. */
export interface Catalogue {
  readonly nodeTypes: readonly NodeType[];
  readonly credentialTypes: readonly CredentialDefinition[];
  node(type: string): NodeDefinition | undefined;
  trigger(type: string): TriggerDefinition | undefined;
}
