import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import pino, { type Logger } from 'pino';
import { createEngine } from '../engine/index.ts';
import { systemClock } from '../engine/ports.ts';
import { credentials as credentialTypes, nodes, triggers as triggerTypes } from '../nodes/index.gen.ts';
import type { Practice } from '../practice/practice.ts';
import { describeNode } from '../sdk/describe.ts';
import type { NodeType } from '../spec/workflow/node-type.ts';
import { createAccounts } from './auth/accounts.ts';
import { createAudit } from './auth/audit.ts';
import { createTokens } from './auth/tokens.ts';
import { Checker } from './checker.ts';
import { CallBudgets } from './credentials/call-budgets.ts';
import { Cipher, derivedSecret } from './credentials/cipher.ts';
import { CredentialVault } from './credentials/credential-vault.ts';
import { masterKey } from './credentials/key.ts';
import { Admission } from './dispatch/admission.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { createEgress } from './egress/egress.ts';
import { blobsWithFaultPoints, storeWithFaultPoints } from './fault-points.ts';
import { clearHalfDone, createFileArea } from './files/file-area.ts';
import { type DefaultCredential, furnish } from './home/first-start.ts';
import { lockHome, removeNote, writeNote } from './home/home-lock.ts';
import { readStarters } from './home/starters.ts';
import { createApp } from './http/app.ts';
import { EventStreams } from './http/events.ts';
import { createHooks } from './http/hooks.ts';
import { listen } from './http/http-server.ts';
import { OnDemand } from './on-demand.ts';
import { Restarts } from './restarts.ts';
import { retentionPolicy } from './retention/policy.ts';
import { Removals } from './retention/removals.ts';
import { spaceUse } from './retention/space-report.ts';
import { Sweeper } from './retention/sweeper.ts';
import { ServiceContexts, type ServicePorts } from './service-context.ts';
import type { Catalogue, Services } from './services.ts';
import type { ServerSettings } from './settings.ts';
import { stepThreads } from './step-threads.ts';
import { FolderBlobs } from './storage/blobs/folder-blobs.ts';
import { ensureSpace } from './storage/space-left.ts';
import { openDatabase } from './storage/sqlite/database.ts';
import { SqliteRunStore } from './storage/sqlite/runs.ts';
import { ThreadedWriter } from './storage/sqlite/threaded-writer.ts';
import { TriggerState } from './triggers/trigger-state.ts';
import { Triggers } from './triggers/triggers.ts';
import { settingsFile, variablesFile } from './workspace/kept-file.ts';
import { SampleStore } from './workspace/samples.ts';
import { Workspace } from './workspace/workspace.ts';

const root = join(import.meta.dirname, '..');

/** Everything but the HTTP server: enough to check, run and keep workflows. */
export interface Sluice {
  readonly services: Services;
  readonly log: Logger;
  readonly practice: OnDemand<Practice> | undefined;
  /** Rejects when runs could not be recorded. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Whether there are practice services; they start when something connects to them or looks at them. */
  readonly practice: boolean;
}

/** Opens a home folder, alone: a second process is refused. Runs that a crash left unfinished go on once `start()`ed elsewhere. */
export async function openSluice(settings: ServerSettings, { practice: withPractice }: OpenOptions): Promise<Sluice> {
  const { home } = settings;
  const lock = lockHome(home);
  const log = pino({ level: settings.logLevel }, pino.destination({ dest: 2, sync: true }));
  const failed = (what: string, error: unknown) => log.error({ err: error }, what);
  const clock = systemClock;
  const now = () => clock.now();

  const key = masterKey(home, settings.key);
  const db = openDatabase(join(home, 'state.db'));
  const store = storeWithFaultPoints(new SqliteRunStore(new ThreadedWriter(join(home, 'runs.db'))));
  const blobs = blobsWithFaultPoints(new FolderBlobs(join(home, 'blobs')));
  const egress = createEgress({ allow: settings.allowPrivate });
  const files = createFileArea(join(home, 'files'), blobs);
  await clearHalfDone(join(home, 'files'), blobs);
  const practice = withPractice ? new OnDemand(() => startPracticeServices(home, egress.open)) : undefined;

  const vault = new CredentialVault({
    db,
    cipher: new Cipher(key, 'credentials'),
    now,
    types: credentialTypes,
    practiceValues: (type) => practiceValues(practice, type),
  });
  const budgets = new CallBudgets({ clock, limitsOf: (id) => (vault.has(id) ? vault.get(id) : undefined) });
  const ports: ServicePorts = {
    clock,
    http: ({ signal, credentialId }) =>
      egress.http({
        signal,
        ...(credentialId ? { pace: (send) => budgets.request(credentialId, signal, send) } : {}),
      }),
    paced: (credentialId, signal, act) => budgets.call(credentialId, signal, act),
    egress,
    files,
    credentials: vault,
  };

  const workspaceFolder = join(home, 'workspace');
  const workspace = new Workspace({
    folder: workspaceFolder,
    db,
    now,
    saveVersion: (hash, document) => store.saveVersion(hash, document),
    loadVersion: (hash) => store.loadVersion(hash),
    failed,
  });
  const vars = variablesFile(workspaceFolder, workspace.history);
  const kept = settingsFile(workspaceFolder, workspace.history);
  await Promise.all([vars.open(), kept.open()]);

  const catalogue = createCatalogue();
  const checker = new Checker({
    nodeTypes: () => catalogue.nodeTypes,
    definition: (type) => catalogue.node(type) ?? catalogue.trigger(type),
    credentials: () => vault.known(),
    workflows: () => workspace.ids(),
  });
  const admission = new Admission(settings.maxRuns);
  const published = (id: string) => workspace.published(id);
  const engine = createEngine({
    ...ports,
    store,
    blobs,
    registry: catalogue,
    vars: () => vars.get(),
    published,
    gate: admission,
    stepThreads: stepThreads(join(home, 'blobs')),
  });
  const dispatcher = new Dispatcher(engine, admission);
  const contexts = new ServiceContexts(ports);
  vault.onChange((id) => {
    budgets.change(id);
    contexts.forget(id);
    void engine.forget(id);
  });
  const triggers = new Triggers({
    engine,
    dispatcher,
    clock,
    contexts,
    state: new TriggerState(db),
    definition: (type) => catalogue.trigger(type),
    published,
    zone: () => kept.get().timezone,
    failed,
  });
  const removals = new Removals(db);
  const policy = retentionPolicy({ environment: settings.retention, settings: () => kept.get(), workspace });
  const sweeper = new Sweeper({
    store,
    blobs,
    policy,
    removals,
    clock,
    isActive: (id) => engine.isActive(id),
    swept: (report) => {
      if (report.runs + report.orphans.count > 0) log.info(report, 'Old runs were cleared away');
    },
    failed,
  });
  const accounts = createAccounts(db, derivedSecret(key, 'sessions'));
  const services: Services = {
    clock,
    engine,
    dispatcher,
    restarts: new Restarts({ engine, workspace, checker }),
    workspace,
    samples: new SampleStore(join(home, 'samples')),
    vars,
    settings: kept,
    checker,
    vault,
    accounts,
    tokens: createTokens(db, now, (id) => accounts.user(id)),
    audit: createAudit(db, now),
    triggers,
    removals,
    sweeper,
    space: () => spaceUse({ store, blobs, policy, now: now() }),
    contexts,
    ports,
    catalogue,
    starters: readStarters(join(root, 'examples')),
    practice: () => practiceStatus(practice),
  };
  furnish({ db, vault, home, exampleFiles: join(root, 'examples', 'files') }, firstCredentials(catalogue));

  return {
    services,
    log,
    practice,
    check: async () => {
      db.prepare('select 1').get();
      await store.probe();
      await ensureSpace(home);
    },
    close: async () => {
      await triggers.close();
      await sweeper.close();
      await engine.close();
      await workspace.close();
      await contexts.close();
      await practice?.close((services) => services.close());
      egress.close();
      await store.close();
      db.close();
      lock.release();
    },
  };
}

/** Starts the server; resolves when it answers. */
export async function startServer(settings: ServerSettings): Promise<{ url: string; close(): Promise<void> }> {
  const sluice = await openSluice(settings, { practice: true });
  try {
    return await serve(settings, sluice);
  } catch (error) {
    await sluice.close();
    throw error;
  }
}

async function serve(settings: ServerSettings, sluice: Sluice): Promise<{ url: string; close(): Promise<void> }> {
  const { services, log, practice } = sluice;
  const { engine, dispatcher, workspace, triggers, vault, accounts, clock, sweeper } = services;
  const failed = (what: string, error: unknown) => log.error({ err: error }, what);
  if (settings.owner && !accounts.hasUsers()) {
    await accounts.create({ name: 'Owner', ...settings.owner, role: 'admin' }, { onlyFirst: true });
  }
  const localToken = randomBytes(32).toString('base64url');
  const events = new EventStreams(engine);
  let isOpen = true;
  const app = createApp({
    services,
    events,
    log,
    localToken,
    version: packageVersion(),
    client: join(root, 'dist', 'client'),
    isOpen: () => isOpen,
    check: sluice.check,
    practice: practice && practiceRoutes(practice),
  });
  const hooks = createHooks({
    webhooks: triggers.webhooks,
    start: (request) => dispatcher.start(request),
    engine,
    credential: vault.resolve,
    clock,
    failed,
  });
  await engine.lineUp();
  const listening = await listen(settings, { app, hooks: (req, res) => void hooks(req, res) });
  writeNote(settings.home, { url: listening.url, pid: process.pid, token: localToken });

  const { left } = await engine.recover();
  for (const { id, why } of left) failed(`Run ${id} cannot go on`, new Error(why));
  for (const id of workspace.publishedIds()) await triggers.sync(id);
  sweeper.start();
  const opened = workspace
    .open()
    .catch((error) => failed('The workspace could not be brought up to date with Git', error));

  return {
    url: listening.url,
    close: async () => {
      isOpen = false;
      removeNote(settings.home);
      events.close();
      await listening.close();
      await opened;
      await sluice.close();
    },
  };
}

/** Checks documents with the node types alone: no home folder, no credentials, no other workflows. */
export function offlineChecker(): Checker {
  const catalogue = createCatalogue();
  return new Checker({
    nodeTypes: () => catalogue.nodeTypes,
    definition: (type) => catalogue.node(type) ?? catalogue.trigger(type),
    credentials: () => undefined,
    workflows: async () => undefined,
  });
}

function createCatalogue(): Catalogue {
  const byType = new Map(nodes.map((node) => [node.type, node]));
  const triggersByType = new Map(triggerTypes.map((trigger) => [trigger.type, trigger]));
  let nodeTypes: readonly NodeType[] | undefined;
  return {
    // To describe them all takes longer than to start; who edits or checks a workflow needs it, who runs one does not.
    get nodeTypes() {
      nodeTypes ??= [...triggerTypes, ...nodes].map(describeNode);
      return nodeTypes;
    },
    credentialTypes,
    node: (type) => byType.get(type),
    trigger: (type) => triggersByType.get(type),
  };
}

async function startPracticeServices(home: string, open: (address: string, port: number) => void): Promise<Practice> {
  const { startPractice } = await import('../practice/practice.ts');
  const practice = await startPractice({ file: join(home, 'practice.db') });
  for (const { port } of [practice.salesforce, practice.slack, practice.smtp]) open('127.0.0.1', port);
  return practice;
}

function practiceRoutes(practice: OnDemand<Practice>): RequestHandler {
  const router = new OnDemand(async () => {
    const { practiceApi } = await import('../practice/practice.ts');
    return practiceApi(await practice.get());
  });
  return async (req, res, next) => (await router.get())(req, res, next);
}

/** What connects to the practice service that stands in for a kind of account; more than its form has is left out. */
async function practiceValues(
  practice: OnDemand<Practice> | undefined,
  type: string,
): Promise<Record<string, unknown> | undefined> {
  const definition = credentialTypes.find((one) => one.type === type);
  if (!practice || definition?.practice === undefined) return undefined;
  const { salesforce, slack, smtp } = await practice.get();
  const service = { salesforce, slack, smtp }[definition.practice];
  return service && definition.fields.parse({ ...service.credentials });
}

async function practiceStatus(practice: OnDemand<Practice> | undefined) {
  if (!practice) return { running: false, services: [] };
  const { salesforce, slack, smtp } = await practice.get();
  const services = Object.entries({ salesforce, slack, smtp }).map(([name, { url }]) => ({ name, url }));
  return { running: true, services };
}

/** The credentials that the starters name. */
function firstCredentials({ credentialTypes: known }: Catalogue): DefaultCredential[] {
  const wanted: DefaultCredential[] = [
    { id: 'salesforce', name: 'Salesforce', type: 'salesforce', mode: 'practice', values: {} },
    { id: 'slack', name: 'Slack', type: 'slack', mode: 'practice', values: {} },
    { id: 'email', name: 'E-mail', type: 'smtp', mode: 'practice', values: {} },
    { id: 'warehouse', name: 'Warehouse', type: 'duckdb', mode: 'real', values: { path: 'warehouse.duckdb' } },
  ];
  return wanted.filter(({ type }) => known.some((one) => one.type === type));
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
