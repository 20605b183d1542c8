import { setTimeout as pause } from 'node:timers/promises';
import type { SluiceProcess } from '../sluice-process.ts';
import { type CrashSite, unfinished } from './crash-site.ts';
import { answers, effects, holding, numbered, RECORDS, spill, unsaved } from './crash-workflows.ts';

/** Runs under way at which no more are started. */
const BUSY = 8;

/**
 * What servers are given to do while they are killed: runs started by call and by webhook, some cancelled, some not kept, and a workflow
 * that is changed and published again and again.
 */
export class Workload {
  private readonly site: CrashSite;
  /** Numbers of the draft and of what is live, as far as they were acknowledged. */
  private saved = 0;
  private published = 0;
  private asked = 0;
  private events = 0;
  /** The run of each event. */
  private readonly byEvent = new Map<string, string>();
  readonly faults: string[] = [];

  constructor(site: CrashSite) {
    this.site = site;
  }

  /** Makes what is not there yet; the servers before may have been killed in the middle of it. */
  async prepare(server: SluiceProcess): Promise<void> {
    const { url } = this.site.service;
    for (const document of [effects(url), answers(url), spill(url), numbered(0), holding(), unsaved()]) {
      const { status } = await server.ask('GET', `/api/v1/workflows/${document.id}`);
      if (status === 404) await server.call('POST', '/workflows', document);
      const { status: live } = await server.ask('GET', `/api/v1/workflows/${document.id}/published`);
      if (live !== 200) await server.call('POST', `/workflows/${document.id}/publish`);
    }
  }

  /** Checks what the server before has acknowledged, and goes on until the server is dead. */
  async go(server: SluiceProcess): Promise<void> {
    await this.prepare(server);
    await this.checkNumbers(server);
    await this.cancelHeld(server);
    for (;;) {
      const isBusy = (await unfinished(server, BUSY)).length === BUSY;
      const started = ['effects', 'effects', 'effects', 'answers'];
      const more = isBusy ? [] : [...started.map((id) => this.start(server, id)), this.event(server)];
      await Promise.all([this.publish(server), this.unkept(server), ...more]);
      await pause(20);
    }
  }

  async start(server: SluiceProcess, workflow = 'effects'): Promise<void> {
    const input = Array.from({ length: RECORDS }, (_, n) => ({ n }));
    const { id } = await server.call<{ id: string }>('POST', `/workflows/${workflow}/runs`, { input });
    this.site.accepted.add(id);
  }

  /** Each event is sent under its key until it is taken, and then once more. */
  private async event(server: SluiceProcess): Promise<void> {
    const key = `event-${this.events >> 1}`;
    const { status, body } = await server.ask<{ id: string }>('POST', '/hooks/spill', {}, { 'idempotency-key': key });
    if (status !== 202) throw new Error(`The webhook answered ${status}`);
    this.events++;
    this.site.accepted.add(body.id);
    const first = this.byEvent.get(key) ?? body.id;
    this.byEvent.set(key, first);
    if (first !== body.id) this.faults.push(`${key} has started two runs`);
  }

  private async unkept(server: SluiceProcess): Promise<void> {
    await server.ask('POST', '/hooks/unsaved', {});
    const { id } = await server.call<{ id: string }>('POST', '/workflows/holding/runs');
    await server.call('POST', `/runs/${id}/cancel`);
  }

  /** Ends the runs that wait until they are cancelled. */
  async cancelHeld(server: SluiceProcess): Promise<void> {
    for (const { id, workflowId } of await unfinished(server, 500)) {
      if (workflowId === 'holding') await server.ask('POST', `/api/v1/runs/${id}/cancel`);
    }
  }

  private async publish(server: SluiceProcess): Promise<void> {
    const n = ++this.asked;
    await server.call('PUT', '/workflows/numbered', numbered(n));
    this.saved = n;
    await server.call('POST', '/workflows/numbered/publish');
    this.published = n;
  }

  /** What was acknowledged is there, or something that was asked for after it. */
  async checkNumbers(server: SluiceProcess): Promise<void> {
    const { saved, published, asked } = this;
    const draft = await server.call<{ document: { nodes: { params: { fields?: { n: number } } }[] } }>(
      'GET',
      '/workflows/numbered',
    );
    const drafted = draft.document.nodes[1]?.params.fields?.n ?? -1;
    if (drafted < saved || drafted > asked) this.faults.push(`draft ${saved} was saved, and ${drafted} is there`);
    const { body } = await server.ask<{ output: { n: number }[] }>('POST', '/hooks/numbered', {});
    const live = body.output[0]?.n ?? -1;
    if (live < published || live > asked) this.faults.push(`${published} was published, and ${live} answers`);
  }
}
